/* Words offered below a search field while somebody types: a combobox with a list (ARIA Authoring Practices Guide).
   Without this file the field is a plain one. */
(() => {
  "use strict";
  const PATIENCE = 150;
  let asked = null;
  let timer = 0;
  const listOf = (field) => document.getElementById(field.dataset.list);
  const optionsOf = (field) => [...listOf(field).querySelectorAll("[role=option]")];
  const chosenOf = (field) => document.getElementById(field.getAttribute("aria-activedescendant") || "");
  const isOpen = (field) => field.getAttribute("aria-expanded") === "true";
  const say = (field, words) => {
    document.getElementById(field.dataset.said).textContent = words;
  };

  const point = (field, option) => {
    chosenOf(field)?.setAttribute("aria-selected", "false");
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", option.id);
    } else field.removeAttribute("aria-activedescendant");
  };
  const close = (field) => {
    clearTimeout(timer);
    asked?.abort();
    point(field, null);
    field.setAttribute("aria-expanded", "false");
    listOf(field).hidden = true;
  };
  const open = async (field) => {
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked;
    const list = listOf(field);
    let words = "";
    try {
      const query = new URLSearchParams({ q: field.value });
      const answer = await fetch(`${field.dataset.words}?${query}`, { signal });
      words = answer.ok ? await answer.text() : "";
    } catch {
      return; // asked anew meanwhile, or no line: the field is still a field
    }
    if (signal.aborted || document.activeElement !== field) return;
    point(field, null);
    list.innerHTML = words;
    const some = optionsOf(field).length > 0;
    list.hidden = !some;
    field.setAttribute("aria-expanded", String(some));
    say(field, list.querySelector("[data-count]")?.textContent || "");
  };
  const choose = (field, option) => {
    field.value = option.dataset.word;
    close(field);
    say(field, "");
    field.form.requestSubmit();
  };
  const step = (field, by) => {
    const options = optionsOf(field);
    const at = options.indexOf(chosenOf(field));
    const next = at < 0 ? (by > 0 ? 0 : options.length - 1) : at + by;
    point(field, options[next] || null); // past either end: back to the words typed
  };

  const onKey = async (event) => {
    const field = event.target;
    const inMethod = event.isComposing || event.keyCode === 229; // 229: as Safari says that an input method has the key
    if (!field.dataset?.words || inMethod) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (event.altKey && event.key === "ArrowUp") return void close(field);
      if (!isOpen(field)) await open(field);
      if (isOpen(field) && !event.altKey) step(field, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      const option = isOpen(field) && chosenOf(field);
      if (option) {
        event.preventDefault();
        choose(field, option);
      } else close(field);
    } else if (event.key === "Escape" && isOpen(field)) {
      event.preventDefault();
      close(field);
    } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) point(field, null);
  };
  const onInput = (event) => {
    const field = event.target;
    if (!field.dataset?.words || event.isComposing) return;
    clearTimeout(timer);
    if (field.value.trim()) timer = setTimeout(open, PATIENCE, field);
    else close(field);
  };
  const wake = () => {
    for (const field of document.querySelectorAll("[data-words]:not([role])")) {
      field.setAttribute("role", "combobox");
      field.setAttribute("aria-autocomplete", "list");
      field.setAttribute("aria-expanded", "false");
      field.setAttribute("aria-controls", field.dataset.list);
    }
  };

  wake();
  document.addEventListener("htmx:load", wake);
  document.addEventListener("keydown", onKey);
  document.addEventListener("input", onInput);
  document.addEventListener("compositionend", onInput);
  document.addEventListener("submit", (event) => {
    for (const field of event.target.querySelectorAll("[data-words]")) close(field);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.dataset?.words) close(event.target);
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest("[role=option]")) event.preventDefault(); // the field keeps the focus
  });
  document.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    const field = option && document.querySelector(`[data-list="${option.parentElement.id}"]`);
    if (field) choose(field, option);
  });
})();
