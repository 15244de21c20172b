// Shows a change when there is one and asks before forgetting all. The pages work without it.
const fresh = document.getElementById("fresh");

if (fresh) {
  let shown;
  setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch("/_emulator/incidents").catch(() => null);
    if (!answer?.ok) return;
    const now = (await answer.json()).map((incident) => `${incident.number}:${incident.timeline.length}`).join();
    if (shown !== undefined && now !== shown) fresh.hidden = false;
    shown ??= now;
  }, 2000);
}

for (const button of document.querySelectorAll("[data-confirm]")) {
  button.addEventListener("click", (event) => {
    if (!confirm(button.dataset.confirm)) event.preventDefault();
  });
}
