// A moment as text and back: Unix time, or a pattern such as `%Y%m%dT%H%M%SZ`. In one zone, always English.
(() => {
  const [BILLION, MILLION] = [BigInt(1e9), BigInt(1e6)]; // no literals: Bruno cannot read them
  const UNITS = { "unix-s": BILLION, "unix-ms": MILLION, "unix-us": BigInt(1000), "unix-ns": BigInt(1) }; // nanoseconds in one
  const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const LAST = 253402300799999; // the end of the year 9999
  const pad = (number, digits = 2) => String(number).padStart(digits, "0");
  const WRITTEN = {
    Y: (moment) => pad(moment.getUTCFullYear(), 4),
    m: (moment) => pad(moment.getUTCMonth() + 1),
    d: (moment) => pad(moment.getUTCDate()),
    H: (moment) => pad(moment.getUTCHours()),
    M: (moment) => pad(moment.getUTCMinutes()),
    S: (moment) => pad(moment.getUTCSeconds()),
    L: (moment) => pad(moment.getUTCMilliseconds(), 3),
    a: (moment) => DAYS[moment.getUTCDay()],
    b: (moment) => MONTHS[moment.getUTCMonth()],
    s: (moment) => String(Math.trunc(moment.getTime() / 1000)),
    "%": () => "%",
  };
  const READ = {
    Y: "([0-9]{4})", m: "([0-9]{2})", d: "([0-9]{2})", H: "([0-9]{2})", M: "([0-9]{2})", S: "([0-9]{2})", L: "([0-9]{3})",
    a: `(${DAYS.join("|")})`, b: `(${MONTHS.join("|")})`, s: "([0-9]{1,12})", "%": "(%)",
  };

  /** The milliseconds by which a zone such as `+08:00` is ahead of UTC. */
  function aheadOf(zone = "+00:00") {
    const [hours, minutes] = zone.slice(1).split(":").map(Number);
    return (zone.startsWith("-") ? -1 : 1) * (60 * hours + minutes) * 60000;
  }

  /** The text of a moment, given in milliseconds since 1970; a pattern is in the zone. */
  function writeMoment(format, nowMs, zone) {
    if (format in UNITS) return String((BigInt(nowMs) * MILLION) / UNITS[format]);
    const there = new Date(nowMs + aheadOf(zone));
    return format.replace(/%(.)/g, (_, field) => WRITTEN[field](field === "s" ? new Date(nowMs) : there));
  }

  /** The milliseconds since 1970 that a text says, or null if it is not written so. */
  function readMoment(format, text, zone) {
    if (format in UNITS) return readUnix(text, UNITS[format]);
    const fields = [...format.matchAll(/%(.)/g)].map((found) => found[1]);
    const pattern = format.split(/%./).map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
    const found = new RegExp(`^${pattern.map((part, at) => part + (READ[fields[at]] ?? "")).join("")}$`, "u").exec(text);
    return found ? momentOf(Object.fromEntries(fields.map((field, at) => [field, found[at + 1]])), aheadOf(zone)) : null;
  }
  function readUnix(text, unit) {
    const found = /^(-?)([0-9]{1,30})(?:\.([0-9]{1,9}))?$/.exec(text);
    if (!found) return null;
    const nanoseconds = BigInt(found[2]) * unit + (BigInt((found[3] ?? "").padEnd(9, "0")) * unit) / BILLION;
    const moment = Number(nanoseconds / MILLION);
    return moment > LAST ? null : found[1] ? -moment : moment;
  }
  function momentOf(fields, ahead) {
    const thousandths = Number(fields.L ?? 0);
    if ("s" in fields) return Number(fields.s) * 1000 + thousandths;
    const month = "b" in fields ? MONTHS.indexOf(fields.b) : Number(fields.m) - 1;
    const [year, day, hour, minute, second] = ["Y", "d", "H", "M", "S"].map((name) => Number(fields[name]));
    const moment = new Date(0);
    moment.setUTCFullYear(year, month, day);
    moment.setUTCHours(hour, minute, second, thousandths);
    const same = [["m", pad(month + 1)], ["d", pad(day)], ["H", pad(hour)], ["M", pad(minute)], ["S", pad(second)], ["a", fields.a]];
    return same.every(([field, text]) => text === undefined || WRITTEN[field](moment) === text) ? moment.getTime() - ahead : null;
  }

  globalThis.procwiseMoments = { writeMoment, readMoment };
})();
