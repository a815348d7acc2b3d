import type { Text } from "./wire";

// GB/T 2260: the first two digits name the province, the first four the city.
const provinces: Readonly<Record<string, readonly [string, string]>> = {
  11: ["北京市", "Beijing"], 12: ["天津市", "Tianjin"], 13: ["河北省", "Hebei"], 14: ["山西省", "Shanxi"], 15: ["内蒙古自治区", "Inner Mongolia"],
  21: ["辽宁省", "Liaoning"], 22: ["吉林省", "Jilin"], 23: ["黑龙江省", "Heilongjiang"], 31: ["上海市", "Shanghai"], 32: ["江苏省", "Jiangsu"],
  33: ["浙江省", "Zhejiang"], 34: ["安徽省", "Anhui"], 35: ["福建省", "Fujian"], 36: ["江西省", "Jiangxi"], 37: ["山东省", "Shandong"],
  41: ["河南省", "Henan"], 42: ["湖北省", "Hubei"], 43: ["湖南省", "Hunan"], 44: ["广东省", "Guangdong"], 45: ["广西壮族自治区", "Guangxi"],
  46: ["海南省", "Hainan"], 50: ["重庆市", "Chongqing"], 51: ["四川省", "Sichuan"], 52: ["贵州省", "Guizhou"], 53: ["云南省", "Yunnan"],
  54: ["西藏自治区", "Tibet"], 61: ["陕西省", "Shaanxi"], 62: ["甘肃省", "Gansu"], 63: ["青海省", "Qinghai"], 64: ["宁夏回族自治区", "Ningxia"], 65: ["新疆维吾尔自治区", "Xinjiang"],
};

// The cities of Guangdong, where the product starts; elsewhere the province's name and the code are shown.
const cities: Readonly<Record<string, readonly [string, string]>> = {
  4401: ["广州", "Guangzhou"], 4402: ["韶关", "Shaoguan"], 4403: ["深圳", "Shenzhen"], 4404: ["珠海", "Zhuhai"], 4405: ["汕头", "Shantou"], 4406: ["佛山", "Foshan"],
  4407: ["江门", "Jiangmen"], 4408: ["湛江", "Zhanjiang"], 4409: ["茂名", "Maoming"], 4412: ["肇庆", "Zhaoqing"], 4413: ["惠州", "Huizhou"], 4414: ["梅州", "Meizhou"],
  4415: ["汕尾", "Shanwei"], 4416: ["河源", "Heyuan"], 4417: ["阳江", "Yangjiang"], 4418: ["清远", "Qingyuan"], 4419: ["东莞", "Dongguan"], 4420: ["中山", "Zhongshan"],
  4451: ["潮州", "Chaozhou"], 4452: ["揭阳", "Jieyang"], 4453: ["云浮", "Yunfu"],
};

const named = (pair: readonly [string, string] | undefined): Text | null => pair ? { zh: pair[0], en: pair[1] } : null;

/** The city of an area code, or the code itself; null where there is none. */
export function areaName(code: string): Text | null {
  if (code === "") return null;
  return named(cities[code.slice(0, 4)]) ?? { zh: code, en: code };
}

/** The province that the probes stand in, or null where they stand in none or in several. */
export function provinceOf(codes: Iterable<string>): Text | null {
  const found = new Set<string>();
  for (const code of codes) if (code.length >= 2) found.add(code.slice(0, 2));
  const [only] = found;
  return found.size === 1 && only !== undefined ? named(provinces[only]) : null;
}
