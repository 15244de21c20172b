// Fills the form from a test card and groups the digits while typing. The page works without it.
const field = (id) => document.getElementById(id);
const number = field("number");

const group = (digits) => digits.replace(/\D/g, "").slice(0, 19).replace(/(.{4})(?=.)/g, "$1 ");

if (number) {
  number.addEventListener("input", () => {
    if (number.selectionStart === number.value.length) number.value = group(number.value);
  });
  for (const card of document.querySelectorAll("button.card")) {
    card.addEventListener("click", () => {
      number.value = group(card.dataset.number);
      field("expiry").value ||= "04/" + String((new Date().getFullYear() + 3) % 100).padStart(2, "0");
      field("cvc").value = card.dataset.cvc;
      field("name").value ||= "Ada Example";
      const email = field("email");
      if (email && !email.value) email.focus();
      else document.querySelector("form button.primary").focus();
    });
  }
}
document.querySelector("[aria-invalid]")?.focus();

for (const form of document.querySelectorAll("main.pay form, main.narrow form")) {
  form.addEventListener("submit", () => setTimeout(() => {
    for (const button of form.querySelectorAll("button")) button.disabled = true;
  }));
}
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const button of document.querySelectorAll("button")) button.disabled = false;
});
