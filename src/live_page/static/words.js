// Times, rates and counts in words.

let ahead = 0; // seconds by which the server's clock is ahead of this browser's

export function setClock(now) {
  ahead = now - Date.now() / 1000;
}

export const now = () => Date.now() / 1000 + ahead;

export function clock(at) {
  return new Date(at * 1000).toLocaleTimeString("en-GB");
}

export function seconds(length) {
  const whole = Math.max(0, Math.round(length));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 ? ` ${whole % 60} s` : ""}`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export function perSecond(rate) {
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
}

export const round = (value) => Math.round(value * 10) / 10;
