// Controls, drawing, and events.
"use strict";

// ---- changes -------------------------------------------------------------------------

function enter(id) {
  stop();
  state.act = id;
  const { epoch, ...preset } = actNow().preset || {};
  Object.assign(state, preset);
  if (epoch !== undefined) {
    // The second position of an epoch has, in the lecture, a context on both sides.
    const { length } = trainingWith().positions;
    state.k = epoch * length + (epoch ? 1 : 0);
  }
  if (id === "part") Object.assign(state, { seen: "", guess1: "", guess2: "" });
  render();
  element("lesson").focus({ preventScroll: true });
  scrollTo(0, 0);
}

function set(name, value) {
  state[name] = typeof DEFAULTS[name] === "number" ? Number(value) : value;
  if (["model", "window", "rate", "start"].includes(name)) state.s = Math.min(state.s, 5);
  if (name === "seen") {
    state.k = 0;
    play();
  }
  if (name === "unit" && playing) {
    stop();
    play();
  }
  render();
}

function setText(text) {
  stop();
  problem = text && !parsed(text) ? say().settings.tooMany(MOST.words, MOST.tokens) : "";
  if (!problem) Object.assign(state, { text, k: 0, s: 0, seen: "", guess1: "", guess2: "" });
  formNow = "";
  render();
  if (element("own")) element("own").open = true;
}

// ---- drawing -------------------------------------------------------------------------

let formNow = "";

function drawActs(shown) {
  const name = (act) => escaped(act.title ? act.title(shown) : say().actsShort[act.id]);
  const links = ACTS.map((act, i) => `<li><a href="#act=${act.id}" data-act="${act.id}" ${act.id === state.act ? 'aria-current="step"' : ""}><span>${i + 1}</span>${name(act)}</a></li>`);
  const options = ACTS.map((act, i) => `<option value="${act.id}" ${act.id === state.act ? "selected" : ""}>${i + 1}. ${name(act)}</option>`);
  element("acts").setAttribute("aria-label", say().acts);
  element("acts").innerHTML = `<ol>${links.join("")}</ol><select id="act" aria-label="${say().acts}">${options.join("")}</select>`;
  const act = actNow();
  const number = ACTS.indexOf(act) + 1;
  element("lesson").innerHTML = `<h1>${number}. ${name(act)}</h1>${act.lesson(shown).map((text) => (text.startsWith("<code") ? text : `<p>${text}</p>`)).join("")}`;
}

const options = (values, chosen, name = (value) => value) =>
  values.map((value) => `<option value="${value}" ${String(value) === String(chosen) ? "selected" : ""}>${escaped(name(value))}</option>`).join("");

function drawSettings() {
  const text = say().settings;
  const wanted = actNow().settings || [];
  const key = [state.lang, wanted, state.text, problem].join("|");
  if (key !== formNow) {
    const ranges = [...Array(MOST.window).keys()].map((i) => i + 1);
    const field = (name, control) => `<label for="${name}">${text[name]} ${control}</label>`;
    const select = (name, values, nameOf) => field(name, `<select id="${name}" data-name="${name}">${options(values, state[name], nameOf)}</select>`);
    const controls = {
      model: () => select("model", ["CBOW", "skip-gram"], (value) => (value === "CBOW" ? value : say().actsShort.skipgram)),
      window: () => select("window", ranges),
      rate: () => field("rate", `<input type="range" id="rate" min="0" max="${RATES.length - 1}"><output id="rate-value" for="rate"></output>`),
      start: () => select("start", DATA.live.starts.map((_, i) => i)),
      training: () => select("training", DATA.trainings.map((_, i) => i), (i) => say().trainingName(DATA.trainings[i])),
      own: () =>
        `<details id="own" ${problem ? "open" : ""}><summary>${text.own}</summary>
        <label for="text">${text.ownHelp(MOST.words, MOST.tokens)}</label>
        <textarea id="text" rows="3">${escaped(problem ? element("text").value : state.text || defaultText())}</textarea>
        <p class="problem" role="alert">${problem}</p>
        <button type="button" id="apply">${text.apply}</button> <button type="button" id="reset">${text.reset}</button></details>`,
    };
    element("settings").innerHTML = wanted.map((name) => controls[name]()).join("");
    formNow = key;
  }
  for (const name of wanted) if (element(name)?.tagName === "SELECT") element(name).value = state[name];
  if (wanted.includes("rate")) {
    element("rate").value = RATES.indexOf(state.rate);
    element("rate-value").textContent = state.rate;
  }
}

const defaultText = () => DATA.live.sentences.map((ids) => ids.map((id) => DATA.live.words[id]).join(" ")).join("\n");

let barNow = "";

function drawTransport() {
  const text = say().transport;
  const time = clock();
  element("transport").hidden = !time;
  element("transport").style.display = time ? "" : "none";
  if (!time) return;
  const key = [state.lang, time.units, time.end].join("|");
  if (key !== barNow) {
    const unit = time.units.length > 1 ? `<label for="unit"><span class="name">${text.unit}</span> <select id="unit" data-name="unit">${options(time.units, state.unit, (value) => text.units[value])}</select></label>` : "";
    element("transport").innerHTML = `
      <button type="button" id="back">← <span class="name">${text.back}</span></button>
      <button type="button" id="step" class="main">${text.step} →</button>
      <button type="button" id="play"></button>
      ${unit}
      <label for="speed"><span class="name">${text.speed}</span> <select id="speed" data-name="speed">${options(SPEEDS, state.speed, (value) => `${value}×`)}</select></label>
      <label class="time" for="time"><input type="range" id="time" min="0" max="${time.end}" aria-label="${text.time}"><output id="when" for="time"></output></label>`;
    element("transport").title = text.keys;
    barNow = key;
  }
  const { length } = trainingWith().positions;
  const isLive = actNow().time === "live";
  const epoch = isLive ? Math.floor(state.k / length) : time.now;
  element("time").value = time.now;
  element("when").textContent =
    isLive && state.unit !== "epoch" && state.k < time.end
      ? text.place(epoch + 1, (state.k % length) + 1, length)
      : text.epoch(epoch, isLive ? DATA.live.epochs : time.end);
  element("play").textContent = playing ? `❚❚ ${text.pause}` : `▶ ${text.play}`;
  element("speed").value = state.speed;
  if (element("unit")) element("unit").value = state.unit;
}

function narrationOf(shown) {
  const { time } = actNow();
  if (time === "recorded") return say().recorded(shown.recorded, state.e, shown.recorded.losses.length);
  return time === "live" && !actNow().isSilent ? narration(shown.view) : "";
}

function render() {
  const focused = document.activeElement?.id;
  document.documentElement.lang = state.lang;
  document.title = element("title").textContent = say().title;
  element("link").textContent = say().link;
  element("link").hidden = location.protocol === "about:"; // in a notebook
  for (const lang of Object.keys(TEXT)) element(lang).setAttribute("aria-pressed", lang === state.lang);
  const shown = context();
  drawActs(shown);
  drawSettings();
  // While it plays, a screen reader would never come to an end.
  element("narration").setAttribute("aria-live", playing ? "off" : "polite");
  element("narration").innerHTML = narrationOf(shown);
  const act = actNow();
  element("bench").innerHTML = act.bench ? act.bench(shown) : bench(shown.view, shown.room);
  element("badge").innerHTML = say().badge(DATA.version, difference, DATA.live.epochs * DATA.live.sentences.flat().length);
  drawTransport();
  if (focused && document.activeElement?.id !== focused) element(focused)?.focus({ preventScroll: true });
  writeLink();
}

// ---- events --------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, a[data-act]");
  if (!target) return;
  if (target.dataset.act) {
    event.preventDefault();
    enter(target.dataset.act);
  } else if (target.dataset.set) set(target.dataset.set, target.dataset.value);
  else if (target.id in TEXT) set("lang", target.id);
  else if (target.id === "back") go(-1);
  else if (target.id === "step") go(1);
  else if (target.id === "play") toggle();
  else if (target.id === "apply") setText(element("text").value.trim());
  else if (target.id === "reset") setText("");
  else if (target.id === "link") {
    // Without permission to copy, the reader can do so from a field.
    const copied = navigator.clipboard ? navigator.clipboard.writeText(location.href) : Promise.reject();
    copied.then(() => (target.textContent = say().copied), () => prompt(say().link, location.href));
  }
});

document.addEventListener("change", (event) => {
  const { id, value, dataset } = event.target;
  if (id === "act") enter(value);
  else if (dataset.name) set(dataset.name, value);
});

document.addEventListener("input", ({ target }) => {
  if (target.id === "rate") set("rate", RATES[target.value]);
  if (target.id !== "time") return;
  stop();
  const at = Number(target.value);
  if (actNow().time === "recorded") state.e = at;
  else state.k = actNow().time === "part" ? at * trainingWith().positions.length : at;
  render();
});

document.addEventListener("submit", (event) => event.preventDefault());

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea, summary") || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    stop();
    go(event.key === "ArrowRight" ? 1 : -1);
    event.preventDefault();
  } else if (event.key === " " && !event.target.closest("button, a")) {
    toggle();
    event.preventDefault();
  }
});

addEventListener("hashchange", () => {
  stop();
  readLink();
  render();
});
addEventListener("resize", () => render());

const difference = largestDifference(DATA);
readLink();
render();
