// Tells of new mail, sizes the preview, asks before deleting all. The pages work without it.
const list = document.querySelector("ol.mails");
const fresh = document.getElementById("fresh");

if (fresh) {
  const shown = list?.dataset.newest ?? "";
  const searching = new URLSearchParams(location.search).get("q");
  setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch("/api/messages?limit=1").catch(() => null);
    const newest = answer?.ok ? (await answer.json()).items[0]?.id ?? "" : shown;
    if (newest > shown && !searching) {
      if (shown === "") location.reload();
      else fresh.hidden = false;
    }
  }, 2000);
}

for (const button of document.querySelectorAll("[data-confirm]")) {
  button.addEventListener("click", (event) => {
    if (!confirm(button.dataset.confirm)) event.preventDefault();
  });
}

const preview = document.getElementById("preview");
for (const button of document.querySelectorAll("[data-width]")) {
  button.addEventListener("click", () => {
    preview.classList.toggle("phone", button.dataset.width === "phone");
    for (const other of document.querySelectorAll("[data-width]")) other.setAttribute("aria-pressed", String(other === button));
  });
}
