/** The product's sign: an eye with a star for a pupil. Ink only: hues are for alarms. */
export function Eye() {
  return (
    <svg class="eye" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M2 16c4.300-7 9-10.200 14-10.200S25.700 9 30 16c-4.300 7-9 10.200-14 10.200S6.300 23 2 16z" fill="none" stroke="currentColor" stroke-width="2.200" />
      <path d="M16 9l2 5 5 2-5 2-2 5-2-5-5-2 5-2z" fill="currentColor" />
    </svg>
  );
}
