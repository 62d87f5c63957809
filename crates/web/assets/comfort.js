// Comfort only: every page works without it. Sends files in pieces that survive a lost line, asks for passkeys, and puts
// the focus where an error is.
"use strict";
(() => {
  document.documentElement.classList.add("script");
  const summary = document.getElementById("summary");
  if (summary) summary.focus();

  // Passkeys: the server's question stands in the form; the browser's answer goes back in it.
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function create(options) {
    const publicKey = { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: named(options.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey });
    const { attestationObject, clientDataJSON } = made.response;
    return { id: made.id, rawId: text(made.rawId), type: made.type, extensions: made.getClientExtensionResults(),
      response: { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON) } };
  }

  async function get(options) {
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
    const got = await navigator.credentials.get({ publicKey });
    const { authenticatorData, clientDataJSON, signature, userHandle } = got.response;
    return { id: got.id, rawId: text(got.rawId), type: got.type, extensions: got.getClientExtensionResults(),
      response: { authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON), signature: text(signature), userHandle: userHandle ? text(userHandle) : null } };
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const message = form.querySelector("[data-message]");
      message.hidden = true;
      try {
        const answer = await (form.dataset.passkey === "create" ? create : get)(JSON.parse(form.dataset.options));
        form.elements.answer.value = JSON.stringify(answer);
        form.submit();
      } catch {
        message.textContent = form.dataset.failed;
        message.hidden = false;
      }
    });
  }

  // Dropping files on a page's file field.
  for (const drop of document.querySelectorAll("#add-form .drop")) {
    const input = drop.querySelector("input[type=file]");
    const over = (on) => (event) => { event.preventDefault(); drop.classList.toggle("over", on); };
    drop.addEventListener("dragover", over(true));
    drop.addEventListener("dragleave", over(false));
    drop.addEventListener("drop", (event) => {
      over(false)(event);
      input.files = event.dataTransfer.files;
    });
  }

  // Taking material in: the files are shown once more, then each goes in pieces. A lost line costs one piece; the rest
  // goes on by itself.
  const form = document.getElementById("add-form");
  if (form && window.fetch && Blob.prototype.slice) {
    const PIECE_BYTES = 512 * 1024;
    const WAIT_SECONDS_MAX = 30;
    const STANDSTILLS_MAX = 3;
    const words = form.dataset;
    const circle = form.elements.circle.value;
    const check = document.getElementById("add-check");
    const number = new Intl.NumberFormat(words.language === "ar" ? "ar-u-nu-arab" : words.language);

    /** The session is over: signed out, or the office was started anew. What is not in by now begins anew. */
    class Ended extends Error {}

    const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

    /** One request, again and again while the line is lost. An answer that is no answer of ours ends it. */
    async function ask(method, path, body, item) {
      for (let wait = 1; ; wait = Math.min(2 * wait, WAIT_SECONDS_MAX)) {
        let response;
        try {
          response = await fetch(path, { method, body, redirect: "manual", headers: { "mahzar-token": words.token } });
        } catch {
          item.say(words.again);
          await pause(wait);
          continue;
        }
        if (response.type === "opaqueredirect" || [401, 403, 404].includes(response.status)) throw new Ended();
        if (!(response.headers.get("content-type") || "").includes("json")) throw new Error(`status ${response.status}`);
        return { status: response.status, ...(await response.json()) };
      }
    }

    async function send(file, item) {
      const begun = await ask("POST", "/uploads", JSON.stringify({ circle, name: file.name }), item);
      const path = `/uploads/${begun.id}`;
      for (let at = 0, standstills = 0; at < file.size; ) {
        item.say(words.sending);
        const answer = await ask("PATCH", `${path}?at=${at}`, file.slice(at, at + PIECE_BYTES), item);
        if (answer.status !== 200 && answer.status !== 409) break;
        standstills = answer.received > at ? 0 : standstills + 1;
        if (standstills > STANDSTILLS_MAX) throw new Error("no way forward");
        at = answer.received;
        item.progress.value = at;
      }
      return ask("POST", `${path}/end?circle=${circle}`, undefined, item);
    }

    function line(list, file) {
      const entry = document.createElement("li");
      const name = document.createElement("bdi");
      const state = document.createElement("span");
      const progress = document.createElement("progress");
      name.textContent = file.name;
      progress.max = Math.max(file.size, 1);
      progress.value = 0;
      progress.setAttribute("aria-label", file.name);
      entry.append(name, " – ", state, progress);
      list.append(entry);
      return { progress, say: (what) => { state.textContent = what; }, link: (address, label) => {
        const anchor = document.createElement("a");
        anchor.href = address;
        anchor.textContent = label;
        state.after(" ", anchor);
      } };
    }

    /** Whether the next file can be sent. */
    async function taken(file, item) {
      try {
        const end = await send(file, item);
        item.progress.value = item.progress.max;
        item.say(end.text);
        if (end.link) item.link(end.link, words.see);
      } catch (error) {
        item.say(error instanceof Ended ? words.ended : words.failed);
        if (error instanceof Ended) {
          item.link(`/sign-in?back=${encodeURIComponent(`/items/add?circle=${circle}`)}`, words.signIn);
          return false;
        }
      }
      return true;
    }

    async function sendAll(files) {
      const section = document.getElementById("add-progress");
      const list = section.querySelector("ol");
      section.hidden = false;
      const rows = files.map((file) => [file, line(list, file)]);
      let open = true;
      for (const [file, item] of rows) {
        if (open) open = await taken(file, item);
        else item.say(words.failed);
      }
      const next = document.createElement("p");
      const anchor = document.createElement("a");
      anchor.className = "button";
      anchor.href = `/items?circle=${circle}`;
      anchor.textContent = words.list;
      next.append(anchor);
      section.append(next);
      anchor.focus();
    }

    function size(bytes) {
      const [unit, divisor] = [["gigabyte", 1e9], ["megabyte", 1e6], ["kilobyte", 1e3]].find(([, one]) => bytes >= one) || ["byte", 1];
      const options = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 };
      return new Intl.NumberFormat(number.resolvedOptions().locale, options).format(bytes / divisor);
    }

    form.addEventListener("submit", (event) => {
      const files = [...form.elements.files.files];
      if (files.length === 0) return;
      event.preventDefault();
      check.querySelector("[data-count]").textContent = number.format(files.length);
      check.querySelector("[data-size]").textContent = size(files.reduce((sum, file) => sum + file.size, 0));
      check.querySelector("[data-files]").replaceChildren(...files.map((file) => {
        const [entry, name] = [document.createElement("li"), document.createElement("bdi")];
        name.textContent = file.name;
        entry.append(name, ` – ${size(file.size)}`);
        return entry;
      }));
      [form.hidden, check.hidden] = [true, false];
      check.querySelector("h2").focus();
    });
    check.querySelector("[data-change]").addEventListener("click", () => {
      [form.hidden, check.hidden] = [false, true];
      form.elements.files.focus();
    });
    check.querySelector("[data-sure]").addEventListener("click", () => {
      check.hidden = true;
      sendAll([...form.elements.files.files]);
    });
  }
})();
