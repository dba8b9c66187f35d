/* Small comforts only: every page works without this file. */
(() => {
  "use strict";
  const root = document.documentElement;
  const recall = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const keep = (key, value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      /* a browser that keeps nothing still shows the change until the next page */
    }
  };
  // On a narrow screen the filters start folded; until this runs, the stylesheet hides them, so that nothing shifts.
  const foldFilters = () => {
    const filters = document.querySelector("details.filters:not([data-settled])");
    if (!filters) return;
    if (window.matchMedia("(width < 60rem)").matches) filters.open = false;
    filters.dataset.settled = "";
  };
  // Before the first paint, so that nothing shifts.
  root.dataset.script = "on";
  if (recall("text") === "large") root.dataset.text = "large";
  if (["light", "dark"].includes(recall("theme"))) root.dataset.theme = recall("theme");
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;

  document.addEventListener("DOMContentLoaded", () => {
    const larger = document.querySelector("[data-larger-text]");
    if (larger) {
      const show = () => larger.setAttribute("aria-pressed", String(root.dataset.text === "large"));
      show();
      larger.addEventListener("click", () => {
        if (root.dataset.text === "large") delete root.dataset.text;
        else root.dataset.text = "large";
        keep("text", root.dataset.text || "");
        show();
      });
    }
    const theme = document.querySelector("[data-theme-switch]");
    if (theme) {
      const show = () => theme.setAttribute("aria-pressed", String(isDark()));
      show();
      theme.addEventListener("click", () => {
        root.dataset.theme = isDark() ? "light" : "dark";
        keep("theme", root.dataset.theme);
        show();
      });
    }
    for (const button of document.querySelectorAll("[data-copy]")) {
      if (!navigator.clipboard) continue;
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = button.dataset.done;
      });
    }
    const kept = () => (recall("saved") || "").split(" ").filter(Boolean);
    const showKept = () => {
      const query = kept().map((number) => `n=${number}`).join("&");
      for (const link of document.querySelectorAll("[data-saved-list]")) {
        if (query) link.href = `${link.dataset.savedList}?${query}`;
        else link.href = link.dataset.savedList;
      }
    };
    const wake = () => {
      for (const button of document.querySelectorAll("[data-print][hidden]")) {
        button.hidden = false;
        button.addEventListener("click", () => window.print());
      }
      for (const button of document.querySelectorAll("[data-copy-here][hidden]")) {
        if (!navigator.clipboard) continue;
        button.hidden = false;
        button.addEventListener("click", async () => {
          await navigator.clipboard.writeText(window.location.href);
          button.textContent = button.dataset.done;
        });
      }
      for (const button of document.querySelectorAll("[data-keep][hidden]")) {
        button.hidden = false;
        const words = [button.textContent, button.dataset.kept];
        const show = () => {
          const isKept = kept().includes(button.dataset.keep);
          button.textContent = words[Number(isKept)];
          showKept();
        };
        show();
        button.addEventListener("click", () => {
          const others = kept().filter((number) => number !== button.dataset.keep);
          const next = others.length < kept().length ? others : [...others, button.dataset.keep].slice(-60);
          keep("saved", next.join(" "));
          show();
        });
      }
      showKept();
      foldFilters();
    };
    wake();
    document.body.addEventListener("htmx:load", wake);
    document.body.addEventListener("htmx:configRequest", (event) => {
      const given = event.detail.parameters;
      for (const name of Object.keys(given)) if (given[name] === "") delete given[name];
    });
    document.body.addEventListener("htmx:afterSettle", () => {
      const title = document.getElementById("results-title");
      if (title && document.activeElement === document.body) title.focus({ preventScroll: true });
    });
  });
})();
