// Behaviour for data-… attributes. Every page works without this file.

const GUARD_MS = 8000; // a form that answers with a download never leaves the page

/** One submission per click: the button is disabled once the browser has read the form. */
function guard(form, button) {
  if (form.method === "get" || form.hasAttribute("data-no-guard")) return;
  form.setAttribute("aria-busy", "true");
  setTimeout(() => {
    if (button) {
      button.disabled = true;
      button.dataset.label = button.innerHTML;
      button.textContent = document.body.dataset.busyText ?? button.textContent;
    }
  });
  setTimeout(() => release(form), GUARD_MS);
}

function release(form) {
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("button[data-label]")) {
    button.disabled = false;
    button.innerHTML = button.dataset.label;
    delete button.dataset.label;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  guard(form, event.submitter);
}, { capture: true });

document.addEventListener("htmx:finally:request", (event) => {
  const form = event.target.closest?.("form");
  if (form) release(form);
});

// A page that comes back from the browser's history must be usable again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[aria-busy]").forEach(release);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit]")) event.target.form?.requestSubmit();
});

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-dismiss]");
  if (closer) closer.closest("[data-message]")?.remove();
  for (const menu of document.querySelectorAll("details.lq-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.lq-menu[open]")) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

/** On a phone a filter that is not in use shows its first field and a button for the others. */
function collapse(form) {
  const more = form.querySelector("[data-more-filters]");
  const fields = [...form.querySelectorAll(".lq-field")].slice(1);
  const isUsed = fields.some((field) => [...field.querySelectorAll("input, select")].some((input) =>
    input.type === "checkbox" ? input.checked : input.value !== "" && new URLSearchParams(location.search).has(input.name)));
  if (!more || fields.length < 2 || isUsed) return;
  form.classList.add("lq-collapsed");
  more.hidden = false;
  more.addEventListener("click", () => {
    form.classList.remove("lq-collapsed");
    more.hidden = true;
    fields[0].querySelector("input, select")?.focus();
  });
}
if (window.matchMedia("(max-width: 47.99rem)").matches) document.querySelectorAll("form[data-filters]").forEach(collapse);

// Script is there, so what only works with script may be shown.
document.querySelectorAll("[data-dismiss][hidden]").forEach((button) => { button.hidden = false; });
document.querySelector("[aria-invalid=true]")?.focus();

// A position is asked for when the button is pressed, sent once, and kept nowhere.
for (const form of document.querySelectorAll("form[data-position]")) {
  if (!navigator.geolocation) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    navigator.geolocation.getCurrentPosition((found) => {
      form.elements.latitude.value = found.coords.latitude;
      form.elements.longitude.value = found.coords.longitude;
      form.submit();
    });
  });
}
