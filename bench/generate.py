"""Which corpus is measured? Invented reports of any number; the same number and seed give the same bytes.

    python bench/generate.py FOLDER [--reports 1000] [--seed 1]

A report has about 18 sections of about 420 characters: phrases of our own with frequencies after the law of Zipf and
Mandelbrot, so that the commonest stands in half of the sections and most in few; names of people and villages, numbers,
townships of the packaged list, years 2019 to 2025. Nothing is taken from a real report.
"""

import argparse
import random
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path

from fzsearch.ingest.places import official_list
from fzsearch.model import Place

YEARS = range(2019, 2026)
SECTION_CHARS = 420


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(text.split())


RARE = _phrases("""
    枫桥驿站 板凳议事 法律夜校 桥头说事 河长警长 船上调解 茶园法庭 渔港普法 牧区巡回 矿山排查 古村议约 果园仲裁
    盐场联调 蜂农维权 竹编合同 银龄宣讲 双语释法 屋场夜话 梯田用水 祠堂公约 候鸟劳务 边贸调处 冬储承诺 海塘巡护
""")
"""Each stands in a few reports only, the later the fewer."""

_TIMES = _phrases("年初 全年 上半年 汛期前后 每个季度 农闲时节 换届之后 按照年度计划")
_WHO = _phrases("镇党委 镇政府 综合执法队 司法所 党政办公室 各村（社区） 网格员 法律顾问 人民调解委员会 便民服务中心")
_HOW = _phrases(
    "依托村级议事平台 对照权责清单 结合主题党日 通过入户走访 借助大数据平台 坚持问题导向 会同派出所 逐村逐户"
)
_DO = _phrases("""
    推进 落实 规范 开展 完善 加强 组织 排查 化解 公开 审核 培训 整改 督促 评估 宣传 健全 清理 受理 回访 备案 复核
""")
_WHAT = _phrases("""
    法治政府建设工作 人民调解 合法性审查 普法宣传 矛盾纠纷 信访事项 行政执法 政务公开 重大行政决策程序 规范性文件
    法律顾问制度 法治教育 村规民约 土地承包合同 安全生产检查 生态环境保护 枫桥经验 领导干部学法 行政复议 政务服务事项
    应急预案 食品安全 宅基地审批 公共法律服务 法律明白人 扫黑除恶 社区矫正 禁毒宣传 农民工工资 民主监督 预算公开
    执法证件 行政处罚案卷 养老诈骗 反家庭暴力 未成年人保护 电信诈骗防范 河道采砂 秸秆焚烧 森林防火 道路交通 集体资产
    物业纠纷 婚姻家庭 邻里关系 征地补偿 劳动争议 医疗纠纷 校园周边 数字档案 人大代表建议 政协委员提案 第一责任人职责
    法治文化广场 示范村创建 移民安置 林权登记 古树保护 水源地巡查 殡葬管理 噪声扰民 电动车充电 高空抛物 民宿管理
    快递站点 光伏用地
""")
_WHERE = _phrases("""
    农村 社区 校园 企业 林区 集镇 商圈 工地 渡口 茶山 果园 牧场 库区 景区 市场 车站 小区 楼栋 山塘 水渠 滩涂 养殖场
    工业园 搬迁点 敬老院 幼儿园 卫生院 合作社 供销社 老旧厂房 自建房 停车场 农贸市场 文化站 乡村旅馆 烟花网点 加油站
    餐饮店
""")
_MATTER = _phrases("""
    用水 停车 征地 供暖 排污 消防 租赁 承包 用工 欠薪 借贷 继承 赡养 界址 噪音 油烟 扬尘 绿化 拆违 招标 采购 审计
    低保 医保 救助 助学 养老 托育 就业 防汛 抗旱 防疫 检疫 植保 农机 种子 化肥 饲料 屠宰 特种设备 燃气 电梯 货车 客运
    船舶 广告 商标 价格 计量 保险 贷款 合同 公证 仲裁 鉴定 普查 档案 印章 保密 舆情 网络 个人信息 遗产 文物 古道 非遗
""")
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
_GIVEN = "国建志文永金春秀玉桂海明华平军荣林德富贵新生福有才喜庆学立光辉斌刚毅宁静敏芳兰英梅霞燕云波涛江山石泉峰川"
_VILLAGES = (
    "东西南北上下大小前后新老石桥岭坡湾坝塘井沟冲坪岗台庙寨堡营庄店铺柳杨松竹梅桃李枣榆槐龙凤虎马牛羊金银清白红黄"
)
_RESULTS = _phrases("""
    群众满意度有所提高 台账做到一事一档 责任落实到岗到人 没有发生复议败诉案件 做法在全镇推开 程序更加规范
    办理时限进一步缩短 经验在片区会上作了交流 遗留问题逐步减少 制度执行更有刚性
""")
_UNITS = _phrases("件 次 起 场 份 名 人次 条 户 个")
_MEASURES = _phrases("党的领导 政府职能 制度建设 行政决策 行政执法 突发事件应对 矛盾纠纷化解 权力监督")
_PARTS = (
    ("推进法治政府建设的主要举措和成效", _MEASURES),
    ("存在的不足和原因", ("执法力量不足", "宣传形式单一")),
    ("党政主要负责人履行推进法治建设第一责任人职责情况", ("学法述法", "研究部署")),
    ("下一年度工作安排", ("抓队伍", "抓普法")),
)
_NUMERALS = "一二三四五六七八"
_WITH_NUMBER, _WITH_NAME, _WITH_RARE = 0.6, 0.15, 1 / 70
"""Shares of sentences that state a number, that name a person, and that hold a rare phrase."""


_OBJECTS = _WHAT + tuple(random.Random(0).sample([a + b for a in _WHERE for b in _MATTER], 1500))
_FLATNESS = 10
"""Mandelbrot's constant for objects: the first of many is not much commoner than the second."""


@cache
def _weights(count: int, flatness: int) -> list[float]:
    return list(accumulate(1 / (n + flatness) for n in range(1, count + 1)))


def zipf(rng: random.Random, items: Sequence[str], flatness: int = 0) -> str:
    """One of the items; without flatness the n-th is n times rarer than the first."""
    return rng.choices(items, cum_weights=_weights(len(items), flatness))[0]


def done(rng: random.Random) -> str:
    """What was done with what."""
    return zipf(rng, _DO) + zipf(rng, _OBJECTS, _FLATNESS)


def name(rng: random.Random) -> str:
    """A village and a person of it."""
    village = "".join(rng.sample(_VILLAGES, 2)) + rng.choice(("村", "社区", "村民小组"))
    return village + zipf(rng, _SURNAMES) + "".join(rng.choices(_GIVEN, k=rng.randint(1, 2)))


def sentence(rng: random.Random) -> str:
    """One sentence of two to four clauses, most with a number, few with a rare phrase."""
    clauses = [f"{rng.choice(_TIMES)}{zipf(rng, _WHO)}{rng.choice(_HOW)}{done(rng)}"]
    clauses += [done(rng) for _ in range(rng.randint(0, 2))]
    if rng.random() < _WITH_NUMBER:
        clauses.append(f"{done(rng)}{rng.randint(1, 400)}{zipf(rng, _UNITS)}")
    if rng.random() < _WITH_NAME:
        clauses.append(f"{name(rng)}的做法得到肯定")
    if rng.random() < _WITH_RARE:
        clauses.append(f"试行“{zipf(rng, RARE)}”")
    return "，".join([*clauses, zipf(rng, _RESULTS)]) + "。"


def prose(rng: random.Random, chars: int) -> str:
    """Sentences of at least so many characters."""
    text = ""
    while len(text) < chars:
        text += sentence(rng)
    return text


def report(rng: random.Random, place: Place, year: int) -> str:
    """The text of one report."""
    where = f"{place.county or ''}{place.township}"
    lines = [
        f"{where}人民政府{year}年度法治政府建设工作报告",
        "",
        f"现将{year}年度工作报告如下。{prose(rng, SECTION_CHARS)}",
    ]
    for number, (heading, children) in zip(_NUMERALS, _PARTS, strict=False):
        lines += [f"{number}、{heading}", prose(rng, SECTION_CHARS // 2)]
        for child_number, child in zip(_NUMERALS, children, strict=False):
            lines += [f"（{child_number}）{child}。", prose(rng, SECTION_CHARS - 20)]
    return "\n".join([*lines, f"{place.township}人民政府", f"{year + 1}年1月{rng.randint(5, 28)}日", ""])


def generate(folder: Path, reports: int, seed: int = 1) -> None:
    """Write so many reports to a folder, one file for each, seven years of one township after another."""
    official = official_list()
    units = sorted((code, name) for name, codes in official.units.items() for code in codes if name.endswith("镇"))
    chosen = random.Random(seed).sample(units, -(-reports // len(YEARS)))
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(reports):
        code, name = chosen[number // len(YEARS)]
        year = YEARS[number % len(YEARS)]
        text = report(random.Random(f"{seed}-{number}"), official.unit(code, name), year)
        (folder / f"{code}-{year}.txt").write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    generate(options.folder, options.reports, options.seed)


if __name__ == "__main__":
    main()
