/* Days and times as the phone's own clock tells them. */

import { translate } from "../app.js";

function twoDigits(n) {
  return (n < 10 ? "0" : "") + n;
}

/* YYYY-MM-DD */
export function isoDay(time) {
  return time.getFullYear() + "-" + twoDigits(time.getMonth() + 1) + "-" + twoDigits(time.getDate());
}

/* HH:MM */
export function clockTime(time) {
  return twoDigits(time.getHours()) + ":" + twoDigits(time.getMinutes());
}

/* 2026-11-26T16:20:05+08:00 */
export function isoTime(time) {
  const east = -time.getTimezoneOffset();
  const size = Math.abs(east);
  const offset = (east < 0 ? "-" : "+") + twoDigits(Math.floor(size / 60)) + ":" + twoDigits(size % 60);
  return isoDay(time) + "T" + clockTime(time) + ":" + twoDigits(time.getSeconds()) + offset;
}

/* The value of a field datetime-local. */
export function localMoment(time) {
  return isoDay(time) + "T" + clockTime(time);
}

/* Month and day in the reader's language, with the year where it is not this one. */
export function shortDate(iso) {
  const parts = { y: Number(iso.slice(0, 4)), m: Number(iso.slice(5, 7)), d: Number(iso.slice(8, 10)) };
  return translate(parts.y === new Date().getFullYear() ? "offline.date" : "offline.date_of_year", parts);
}
