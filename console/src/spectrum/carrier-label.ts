import { duration, level, megahertz } from "../format";
import { say } from "../preferences";
import { texts } from "../texts";
import { number, type CarrierClass, type CarrierRow } from "../wire";

/** What stands over a carrier: always its frequency and what it is; more where it matters more and there is room. */
export function carrierLabel(carrier: CarrierRow, short = false): string {
  const frequency = megahertz(carrier.frequencyHz);
  switch (carrier.class) {
    case "licensed": return carrier.name ? `${frequency} ${carrier.name}` : `${frequency} ${say(texts.carrierClass.licensed)}`;
    case "overspill": return `${frequency} ${carrier.name ? `${carrier.name} ` : ""}${say(texts.carrierClass.overspill)}`;
    case "unidentified": return `${frequency} ${say(texts.carrierClass.unidentified)}`;
    case "unregistered": return [`${frequency} MHz ${say(texts.carrierClass.unregistered)}`, ...unregisteredParts(carrier, short)].join(say(texts.separator));
  }
}

function unregisteredParts(carrier: CarrierRow, short: boolean): readonly string[] {
  const measured = level(carrier.facts), seconds = number(carrier.facts.on_air_s);
  return [
    ...measured ? [`${measured.quantity.value} ${measured.quantity.unit}`] : [],
    ...seconds !== undefined && !short ? [say(texts.onAirFor(duration(seconds * 1000)))] : [],
  ];
}

/** Which label keeps its place when there is no room for all: what may be an offence first. */
export const classRank: Readonly<Record<CarrierClass, number>> = { unregistered: 0, unidentified: 1, licensed: 2, overspill: 3 };
