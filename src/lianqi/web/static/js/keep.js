// What is typed into a form with data-keep stays on this device until the server has it: a lost
// connection or an ended session loses nothing. Without script the draft on the server remains.

const KEPT = "lianqi-kept:";
const KEPT_MS = 7 * 24 * 3600 * 1000;

function kept() {
  return Object.keys(localStorage).filter((key) => key.startsWith(KEPT));
}

/** A device may be shared, and what is old is forgotten. */
function tidyUp(person) {
  for (const key of kept()) {
    const { at } = JSON.parse(localStorage.getItem(key));
    if (!key.startsWith(`${KEPT}${person}:`) || Date.now() - at > KEPT_MS) localStorage.removeItem(key);
  }
}

function fields(form) {
  return [...form.elements].filter((each) => each.name && each.type !== "submit" && each.name !== "csrfmiddlewaretoken");
}

function remember(form, key) {
  const values = {};
  for (const each of fields(form)) {
    if (each.type === "radio" && !each.checked) continue;
    values[each.name] = each.type === "checkbox" ? each.checked : each.value;
  }
  localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
}

function restore(form, values) {
  for (const each of fields(form)) {
    if (!(each.name in values)) continue;
    if (each.type === "radio") each.checked = each.value === values[each.name];
    else if (each.type === "checkbox") each.checked = values[each.name];
    else each.value = values[each.name];
    if (each.value && each.closest("details")) each.closest("details").open = true;
  }
}

// The server has it: what was kept of it may go, before anything is put back.
for (const sent of document.querySelectorAll("[data-sent]")) {
  for (const key of kept()) {
    if (JSON.parse(localStorage.getItem(key)).values.idempotency_key === sent.dataset.sent) localStorage.removeItem(key);
  }
}

for (const form of document.querySelectorAll("form[data-keep]")) {
  tidyUp(form.dataset.keep);
  const key = `${KEPT}${form.dataset.keep}:${form.action}`;
  const notice = document.querySelector("[data-kept]");
  const found = localStorage.getItem(key);
  if (found && !form.hasAttribute("data-keep-as-is")) {
    const { values } = JSON.parse(found);
    // The chosen enterprise is among the choices only where it was searched for.
    const chosen = new URLSearchParams({ enterprise: values.enterprise ?? "" });
    const isThere = !values.enterprise || form.querySelector(`[name=enterprise][value="${CSS.escape(values.enterprise)}"]`);
    if (!isThere && location.search !== `?${chosen}`) location.search = chosen;
    restore(form, values);
    if (notice) notice.hidden = false;
  }
  form.addEventListener("input", () => remember(form, key));
  document.querySelector("[data-forget]")?.addEventListener("click", () => {
    localStorage.removeItem(key);
    location.reload();
  });
  form.addEventListener("submit", (event) => {
    const warning = document.querySelector("[data-offline]");
    if (warning) warning.hidden = navigator.onLine;
    if (navigator.onLine) return;
    event.preventDefault();
    warning?.scrollIntoView();
  });
}
