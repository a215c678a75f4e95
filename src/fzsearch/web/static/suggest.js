/* fzsearch: suggestions under the search box while typing (a combobox with a listbox, ARIA 1.2).
   Without this script the box is a plain field. One request at a time, 120 ms after the last key, none while an input
   method is composing; the only requests are GETs to /api/v1/suggest. */
(() => {
  "use strict";

  const box = document.querySelector("form[role=search] input[name=q]");
  if (!box || !("fetch" in window) || !("AbortController" in window)) return;
  const form = box.form, list = document.createElement("ul"), status = document.createElement("p");
  const KINDS = { topic: "主题", place: "地方", heading: "标题", phrase: "常用语" };
  const WAIT_MS = 120, ON_PHONES = 5;
  const isPhone = window.matchMedia("(max-width: 40rem)");
  let asked = null, later = 0, active = -1, typed = "", fresh = "";

  list.id = "suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "检索建议");
  status.className = "vh";
  status.setAttribute("role", "status");
  Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocapitalize: "off",
  }).forEach(([name, value]) => { box.setAttribute(name, value); });
  form.append(list, status);

  function options() { return [...list.children]; }

  function close() {
    clearTimeout(later);
    if (asked) asked.abort();
    asked = null;
    list.hidden = true;
    active = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
    status.textContent = "";
  }

  function option(one, number) {
    const node = document.createElement("li"), text = document.createElement("span"), about = document.createElement("small");
    node.id = "suggestion-" + number;
    node.setAttribute("role", "option");
    node.setAttribute("aria-selected", "false");
    node.dataset.query = one.query;
    text.textContent = (one.correction ? "是不是：" : "") + one.text;
    about.textContent = KINDS[one.kind] + (one.sections === null ? "" : " · " + one.sections.toLocaleString("en") + " 段");
    node.append(text, about);
    return node;
  }

  function show(found) {
    const kept = isPhone.matches ? found.slice(0, ON_PHONES) : found;
    list.replaceChildren(...kept.map(option));
    active = -1;
    box.removeAttribute("aria-activedescendant");
    list.hidden = !kept.length;
    box.setAttribute("aria-expanded", String(!!kept.length));
    status.textContent = kept.length ? kept.length + " 条建议，用上下键选" : "";
  }

  function ask() {
    const text = box.value;
    if (asked) asked.abort();
    if (!text.trim() || text === fresh) return text.trim() ? null : close();
    const mine = asked = new AbortController();
    typed = text;
    return fetch("/api/v1/suggest?q=" + encodeURIComponent(text), { signal: mine.signal, credentials: "same-origin" })
      .then((answer) => { if (!answer.ok) throw new Error("no suggestions"); return answer.json(); })
      .then((answer) => { if (asked === mine && document.activeElement === box) show(answer.suggestions); })
      .catch((problem) => { if (problem.name !== "AbortError") close(); });
  }

  function mark(to) {
    const all = options();
    active = (to + all.length + 1) % (all.length + 1);  // one place more: the box itself
    all.forEach((node, at) => { node.setAttribute("aria-selected", String(at === active)); });
    const node = all[active];
    if (!node) { active = -1; box.removeAttribute("aria-activedescendant"); box.value = fresh = typed; return; }
    box.setAttribute("aria-activedescendant", node.id);
    box.value = fresh = node.dataset.query;
    node.scrollIntoView({ block: "nearest" });
  }

  function choose(node) {
    box.value = fresh = node.dataset.query;
    close();
    form.querySelector("button[type=submit]").click();
  }

  box.addEventListener("input", (event) => {
    if (event.isComposing) return;
    fresh = "";
    clearTimeout(later);
    later = setTimeout(ask, WAIT_MS);
  });
  box.addEventListener("compositionend", () => { clearTimeout(later); later = setTimeout(ask, WAIT_MS); });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();  // closes the list, not the box
      if (active >= 0) box.value = fresh = typed;
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) { fresh = ""; ask(); return; }
      event.preventDefault();
      const from = active < 0 ? (event.key === "ArrowDown" ? -1 : options().length) : active;
      mark(from + (event.key === "ArrowDown" ? 1 : -1));
    }
  });
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
  list.addEventListener("mousedown", (event) => { event.preventDefault(); });  // focus stays in the box
  list.addEventListener("click", (event) => {
    const node = event.target.closest("[role=option]");
    if (node) choose(node);
  });
})();
