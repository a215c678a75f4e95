/* fzsearch: what a script makes quicker. Every page works without it; here is only
   - instant: filters, sorting and paging of /search without a page flash, with back and forward right
   - copying: buttons for [data-copy], citations for [data-cite], and the words 已复制 beside them
   - keys: / j k c y b ? Esc
   - paper: the day and the address on a printed page
   Floor: Chromium 86. Nothing is stored; the only requests are GETs to this site, for pages it links to. */
(() => {
  "use strict";

  document.documentElement.classList.add("js");

  function one(selector, within) { return (within || document).querySelector(selector); }
  function all(selector, within) { return [...(within || document).querySelectorAll(selector)]; }

  function make(tag, attributes, text) {
    const node = document.createElement(tag);
    Object.entries(attributes || {}).forEach(([name, value]) => node.setAttribute(name, value));
    if (text) node.textContent = text;
    return node;
  }

  /* ---- saying something to screen readers: one region, there before the first word ---- */

  const live = make("p", { class: "vh", role: "status" });
  document.body.appendChild(live);

  function say(words) {
    live.textContent = "";
    setTimeout(() => { live.textContent = words; }, 60);  // the same words twice are read twice
  }

  /* ---- instant: /search without a page flash ---- */

  let asked = null;  // the request under way; a newer one ends it
  let shown = location.pathname + location.search;  // whose results are on the page
  const isInstant = "fetch" in window && "AbortController" in window && "DOMParser" in window
    && "FormData" in window && "URLSearchParams" in window && "pushState" in history;

  function isSearch(url) { return url.origin === location.origin && url.pathname === "/search"; }
  function isHere() { return location.pathname === "/search"; }

  function formUrl(form) {
    const url = new URL(form.getAttribute("action") || location.href, location.href);
    const pairs = new URLSearchParams();
    new FormData(form).forEach((value, name) => { if (value !== "") pairs.append(name, value); });
    url.search = pairs.toString();
    return url;
  }

  /** What names an element on the next page too, so that focus stays where it was. */
  function keyOf(node) {
    if (!node || !node.closest || !node.closest("main, form")) return null;
    if (node.name) return { name: node.name, value: node.type === "checkbox" ? node.value : null };
    if (node.matches("summary")) return { summary: node.textContent };
    return node.matches("a[href]") ? { href: node.getAttribute("href") } : null;
  }

  function find(key, within) {
    if (!key) return null;
    return all("input, select, button, summary, a[href]", within).filter((node) => {
      if (key.name) return node.name === key.name && node.type !== "hidden" && (key.value === null || node.value === key.value);
      if (key.summary) return node.matches("summary") && node.textContent === key.summary;
      return node.getAttribute("href") === key.href;
    })[0] || null;
  }

  /** Where the reader is, kept in the history entry of this very page: memory of the tab, no storage. */
  function remember() {
    const state = { y: window.pageYOffset, focus: keyOf(document.activeElement) };
    history.replaceState(state, "", location.href);
  }

  function forget() {
    if (asked) asked.abort();
    asked = null;
    one("main").removeAttribute("aria-busy");
  }

  function load(url, use) {
    forget();
    const mine = asked = new AbortController();
    one("main").setAttribute("aria-busy", "true");
    return fetch(url.href, { signal: mine.signal, credentials: "same-origin", headers: { Accept: "text/html" } })
      .then((answer) => {
        if (!answer.ok || answer.redirected) throw new Error("not a page of results");
        return answer.text();
      })
      .then((html) => {
        if (asked !== mine) return;
        const page = new DOMParser().parseFromString(html, "text/html");
        if (!one("main", page) || isOtherProgram(page)) throw new Error("not a page of this program");
        asked = null;
        use(page);
      });
  }

  /** Whether the site was renewed meanwhile: then its page needs its own script and style. */
  function isOtherProgram(page) {
    return ["script[src]", "link[rel=stylesheet]"].some((selector) => {
      const ours = one(selector), theirs = one(selector, page);
      return !theirs || (theirs.getAttribute("src") || theirs.getAttribute("href")) !== (ours.getAttribute("src") || ours.getAttribute("href"));
    });
  }

  function show(page) {
    const open = all("main details").map((node) => [labelOf(node), node.open]);
    const old = one("main"), fresh = document.adoptNode(one("main", page));
    old.parentNode.replaceChild(fresh, old);
    all("details", fresh).forEach((node) => {  // what the reader opened or closed stays so
      open.filter(([label]) => label === labelOf(node)).forEach(([, isOpen]) => { node.open = isOpen; });
    });
    document.title = page.title;
    shown = location.pathname + location.search;
    showAsked(page);
    dressUp(fresh);
    say(summary(fresh));
  }

  function labelOf(details) { const label = one("summary", details); return label ? label.textContent : ""; }

  /** The search box in the header carries the filters as hidden fields: they follow, what is being typed stays. */
  function showAsked(page) {
    const form = one("header form[role=search]"), theirs = one("header form[role=search]", page);
    if (!form || !theirs) return;
    all("input[type=hidden]", form).forEach((node) => { node.remove(); });
    all("input[type=hidden]", theirs).forEach((node) => { form.appendChild(document.adoptNode(node)); });
    const box = one("[name=q]", form), box2 = one("[name=q]", theirs);
    if (box === document.activeElement && box.value !== box.defaultValue) return;
    box.defaultValue = box2.defaultValue;
    box.value = box2.defaultValue;
  }

  /** The totals as one sentence, read from the table of totals; without one the heading says what happened. */
  function summary(main) {
    const heads = all(".totals thead th", main).map((cell) => cell.textContent.trim());
    const rows = all(".totals tbody tr", main).map((row) => {
      const cells = all("td", row).map((cell, at) => cell.textContent.trim() + " " + (heads[at] || ""));
      return one("th", row).textContent.trim() + " " + cells.join("、");
    });
    const heading = one("h1", main);
    return rows.length ? rows.join("；") : heading ? heading.textContent.trim() : document.title;
  }

  /** Go to another search and stay on this page; any failure becomes an ordinary visit. */
  function go(url, from) {
    const key = keyOf(from), top = from ? from.getBoundingClientRect().top : 0;
    remember();
    load(url, (page) => {
      history.pushState({ y: 0, focus: null }, "", url.href);
      show(page);
      const same = find(key);
      if (same && from.form) {  // a box or a choice: under the reader's hand as before
        same.focus({ preventScroll: true });
        window.scrollBy(0, same.getBoundingClientRect().top - top);
      } else {
        window.scrollTo(0, 0);
        one("main").focus({ preventScroll: true });
      }
    }).catch((problem) => { if (problem.name !== "AbortError") location.assign(url.href); });
  }

  function restore(state) {
    if (!state) return;
    const node = find(state.focus);
    if (node) node.focus({ preventScroll: true });
    window.scrollTo(0, state.y || 0);
  }

  /** Browsers put back what was ticked when a page was left; what counts is its address. */
  function matchAddress() {
    all("main form, header form").forEach((form) => {
      if (!form.contains(document.activeElement)) form.reset();
    });
  }

  if (isInstant && isHere()) {
    history.scrollRestoration = "manual";  // the browser would scroll before the other page is here
    window.addEventListener("popstate", (event) => {
      if (location.pathname + location.search === shown) {  // only the # changed, or back before the other page came
        forget();
        restore(event.state);
        return;
      }
      load(new URL(location.href), (page) => { show(page); restore(event.state); })
        .catch((problem) => { if (problem.name !== "AbortError") location.reload(); });
    });
    document.addEventListener("change", (event) => {
      const form = event.target.form;
      if (!form || !form.closest("main") || event.target.type === "search" || !isSearch(formUrl(form))) return;
      go(formUrl(form), event.target);
    });
    document.addEventListener("submit", (event) => {
      const form = event.target, box = one("[name=q]", form);
      if (form.method !== "get" || !isSearch(formUrl(form))) return;
      event.preventDefault();
      if (box && box === document.activeElement) box.blur();  // so that j and k work at once
      go(formUrl(form), null);
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest ? event.target.closest("main a[href]") : null;
      if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const url = new URL(link.href);
      if (link.target || link.hasAttribute("download") || !isSearch(url) || url.hash) return;
      event.preventDefault();
      go(url, link);
    });
    let later = 0;
    window.addEventListener("scroll", () => { clearTimeout(later); later = setTimeout(rememberHere, 150); }, { passive: true });
    window.addEventListener("pagehide", rememberHere);
    window.addEventListener("pageshow", (event) => {
      matchAddress();
      if (!event.persisted) restore(history.state);
    });
  }

  /** Only while address and results agree: on the way back the entry changes before the page does. */
  function rememberHere() { if (location.pathname + location.search === shown) remember(); }

  /* ---- copying ---- */

  /** On an office network without https there is no clipboard object: then a selected field is copied. */
  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(text).catch(() => copySelected(text));
    }
    return copySelected(text);
  }

  function copySelected(text) {
    const focused = document.activeElement;
    const field = make("textarea", { class: "vh", readonly: "", "aria-hidden": "true", tabindex: "-1" });
    field.value = text;
    document.body.appendChild(field);
    field.select();
    let isDone = false;
    try { isDone = document.execCommand("copy"); } catch (problem) { isDone = false; }
    field.remove();
    if (focused && focused.focus) focused.focus({ preventScroll: true });
    return isDone ? Promise.resolve() : Promise.reject(new Error("no way to copy"));
  }

  /** An address of this site, or a basket shared by one, gets the site's name, and signs that every program takes for part of a link. */
  function whole(text) { return isAddress(text) ? new URL(text, location.href).href : text; }
  function isAddress(text) { return /^\/(r\/|brief\?)\S+$/.test(text); }

  function copyAndSay(text, what, beside) {
    return copy(whole(text)).then(() => { tell("已复制" + what, beside); return true; },
      () => { tell("没能复制，请选中后按 Ctrl+C", beside); return false; });
  }

  function tell(words, beside) {
    say(words);
    all(".said").forEach((node) => { node.remove(); });
    if (!beside || !beside.parentNode) return;
    const said = make("span", { class: "said", "aria-hidden": "true" }, words);  // the region above reads it aloud
    beside.parentNode.insertBefore(said, beside.nextSibling);
    setTimeout(() => { said.remove(); }, 4000);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest ? event.target.closest("[data-copy]") : null;
    if (!button) return;
    event.preventDefault();
    copyAndSay(button.getAttribute("data-copy"), button.getAttribute("data-what") || "", button);
  });

  /* ---- citing: one click copies the first style and opens the list of all, which the server writes ---- */

  document.addEventListener("click", (event) => {
    const link = event.target.closest ? event.target.closest("a[data-cite]") : null;
    if (!link || !isInstant || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const place = link.closest(".line, .acts") || link.nextElementSibling, open = place.nextElementSibling;
    if (open && open.matches(".cite-box")) {
      open.remove();
      link.setAttribute("aria-expanded", "false");
      return;
    }
    fetch(link.href, { credentials: "same-origin", headers: { Accept: "text/html" } })
      .then((answer) => answer.text())
      .then((html) => {
        const box = one(".cite-box", new DOMParser().parseFromString(html, "text/html"));
        place.parentNode.insertBefore(document.adoptNode(box), place.nextSibling);
        link.setAttribute("aria-expanded", "true");
        dressUp(box);
        const first = one("[data-copy]", box);
        return copyAndSay(first.getAttribute("data-copy"), "引用（" + first.getAttribute("data-what") + "）", first)
          .then((isDone) => { if (!isDone) window.getSelection().selectAllChildren(one("dd", box)); });
      })
      .catch(() => { location.assign(link.href); });
  });

  /** Buttons that do nothing without a script are hidden in the page and shown here. */
  function dressUp(within) {
    all("[data-copy][hidden]", within).forEach((node) => { node.hidden = false; });
    document.dispatchEvent(new Event("fz:dressed"));
  }
  dressUp(document);

  /* ---- keys ---- */

  const KEYS = [
    ["/", "到检索框"],
    ["j　k", "下一条、上一条命中；在报告里是下一处、上一处"],
    ["Enter", "打开这一条"],
    ["c", "复制这一条（这一段）的永久链接"],
    ["y", "复制这一条（这一段）的文字"],
    ["b", "加入摘录篮：选中的文字，或者这一条（这一段）"],
    ["?", "打开、关上这张表"],
    ["Esc", "关上这张表；离开检索框"],
  ];
  let isOn = true;  // for this page only: nothing is stored

  let hit = null;  // the hit last moved to

  function hits() { return all("main .hit"); }
  function currentHit() {
    const focused = document.activeElement && document.activeElement.closest(".hit");
    return focused || (hit && document.contains(hit) ? hit : null);
  }

  function moveHit(by) {
    const list = hits(), at = list.indexOf(currentHit());
    const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by];
    if (!next) return say(by > 0 ? "已是本页最后一条" : "已是本页第一条");
    hit = next;
    list.forEach((node) => { node.classList.toggle("here", node === next); });
    const link = one("h2 a, h3 a, h4 a", next) || one("a[href]", next);
    link.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function steps() {
    const found = all(".jump ol a[href^='#']");
    return found.length ? found.map((link) => link.getAttribute("href"))
      : all(".text-body section[id]").map((node) => "#" + node.id);
  }

  /** One after the other; the address follows without new history entries, so that back leads to the results. */
  function moveStep(by) {
    const list = steps(), at = list.indexOf(fragment());
    const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by];
    if (!next) return say(by > 0 ? "已是最后一处" : "已是第一处");
    location.replace(next);
    markStep();
  }

  function fragment() { try { return decodeURIComponent(location.hash); } catch (problem) { return ""; } }

  function markStep() {
    const hash = fragment();
    all(".jump ol a, .outline a").forEach((link) => {
      if (link.getAttribute("href") === hash) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    });
  }

  function currentSection() {
    const target = document.getElementById(fragment().slice(1));
    const section = target && target.closest(".text-body section[id]");
    if (section && isSeen(section)) return section;
    return all(".text-body section[id]").filter(isSeen)[0] || section;
  }

  function isSeen(node) {
    const box = node.getBoundingClientRect();
    return box.bottom > 80 && box.top < window.innerHeight;
  }

  function copyLink() {
    const current = currentHit() || currentSection() || hits()[0];
    const link = current && one("a[rel~=bookmark]", current);
    if (link) copyAndSay(link.href, "永久链接", link);
  }

  function copyText() {
    const section = hits().length ? null : currentSection(), current = currentHit() || hits()[0];
    const link = one("a[rel~=bookmark]", section || current || document);
    if (section) return copyAndSay(heldText(section) || textOf(section), "文字", link);
    if (!current || !link) return null;
    return fetch(link.href + ".txt", { credentials: "same-origin", headers: { Accept: "text/plain" } })  // a hit shows only an extract
      .then((answer) => { if (!answer.ok) throw new Error("no text"); return answer.text(); })
      .catch(() => textOf(current))
      .then((text) => copyAndSay(text.trim(), "文字", link));
  }

  /** What is selected, else the hit or section that is read. */
  function take() {
    const link = one(".picked:not([hidden]) button") || one("[data-add]", currentHit() || currentSection() || hits()[0] || one("main"));
    if (link) link.click();
  }

  /** The unchanged text, where a copy button of the section holds it. */
  function heldText(section) {
    return all("[data-copy]", section).map((node) => node.getAttribute("data-copy")).filter((text) => !isAddress(text))[0];
  }

  /** Headings and paragraphs of a section or of a hit, without its links and notes; its own, not of what it holds. */
  function textOf(node) {
    return all("h2, h3, h4, h5, h6, p", node).filter((part) => {
      return !part.matches(".note, .note *, .print-only, .acts *");
    }).map((part) => part.textContent.trim()).join("\n");
  }

  function toSearch() {
    const box = one("main input[name=q]:not([type=hidden])") || one("form[role=search] input[name=q]");
    if (box) { box.focus(); box.select(); }
  }

  /* The sheet of keys. Browsers without <dialog> get a box that closes in the same ways. */
  let sheet = null, before = null;

  function makeSheet() {
    const node = make("dialog", { class: "sheet", "aria-labelledby": "keys-title" });
    const list = make("dl");
    KEYS.forEach(([names, meaning]) => {
      const term = make("dt");
      names.split("　").forEach((name) => term.appendChild(make("kbd", {}, name)));
      list.append(term, make("dd", {}, meaning));
    });
    const off = make("label"), box = make("input", { type: "checkbox" });
    box.addEventListener("change", () => { isOn = !box.checked; });
    off.append(box, "本页停用这些键（? 和 Esc 除外）");
    const close = make("button", { type: "button" }, "关上");
    close.addEventListener("click", closeSheet);
    node.append(make("h2", { id: "keys-title" }, "快捷键"), list, off, close);
    node.addEventListener("close", giveFocusBack);
    document.body.appendChild(node);
    return node;
  }

  function openSheet() {
    sheet = sheet || makeSheet();
    before = document.activeElement;
    if (sheet.showModal) sheet.showModal();
    else { sheet.setAttribute("open", ""); sheet.setAttribute("role", "dialog"); }
    one("button", sheet).focus();
  }

  function closeSheet() {
    if (sheet.close) return sheet.close();
    sheet.removeAttribute("open");
    return giveFocusBack();
  }

  function giveFocusBack() { if (before && before.focus) before.focus({ preventScroll: true }); }

  function isTyping(node) { return node && node.matches && node.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]"); }

  /* With a Chinese input method switched on the same keys give full-width signs. */
  const ACTIONS = {
    "/": toSearch, "、": toSearch,
    j: () => { (hits().length ? moveHit : moveStep)(1); },
    k: () => { (hits().length ? moveHit : moveStep)(-1); },
    c: copyLink,
    y: copyText,
    b: take,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    const isOpen = sheet && sheet.hasAttribute("open"), key = event.key;
    if (key === "Escape") {
      if (isOpen) { event.preventDefault(); closeSheet(); } else if (isTyping(event.target)) event.target.blur();
      return;
    }
    if (isTyping(event.target)) return;
    if (key === "?" || key === "？") { event.preventDefault(); (isOpen ? closeSheet : openSheet)(); return; }
    if (isOpen || !isOn || event.shiftKey || !Object.prototype.hasOwnProperty.call(ACTIONS, key)) return;
    event.preventDefault();  // else the sign lands in the box that was just focused
    ACTIONS[key]();
  });

  window.addEventListener("hashchange", markStep);
  markStep();

  const footer = one("footer .wrap") || one("footer");
  if (footer) {
    const opener = make("button", { type: "button", class: "text", "aria-haspopup": "dialog" }, "快捷键（?）");
    opener.addEventListener("click", openSheet);
    footer.appendChild(opener);
  }

  /* ---- paper ---- */

  const stamp = make("p", { class: "print-only addr" });
  (one("footer .wrap") || document.body).appendChild(stamp);

  function stampPaper() {
    const today = new Date(), two = (number) => ("0" + number).slice(-2);
    stamp.textContent = "打印于 " + [today.getFullYear(), two(today.getMonth() + 1), two(today.getDate())].join("-") + " · " + decoded(location.href);
  }

  function decoded(address) { try { return decodeURI(address); } catch (problem) { return address; } }

  stampPaper();
  window.addEventListener("beforeprint", stampPaper);

  window.fzsearch = { one, all, make, say, tell, dressUp };  // for basket.js
})();
