# ruff: noqa: E501  # paragraphs of prose, one a line
"""Invented stories and news for a demonstration, in both languages. No such household or organisation exists."""

from dataclasses import dataclass

from cms.site.content import Text


@dataclass(frozen=True)
class Example:
    """One invented article and how long ago it was told."""

    text: Text
    days_ago: int


STORIES = (
    Example(
        Text(
            "a-bed-a-stove-and-somebody-to-talk-to",
            "一场火之后：被褥、炉子和一个能说话的人",
            "After the fire: bedding, a stove, and somebody to talk to",
            "入冬前的一场火烧掉了厢房。三个组织从同一个缺口里各接住了一块。",
            "A fire took part of the house before winter. Three organisations each closed a part of the same gap.",
            [
                (
                    "text",
                    "<p>入冬前，一户人家的厢房起了火。人没有受伤，但被褥、粮食和炉子都没有了。邻居替他们填了“我要上报”，当天下午经办人就打来了电话。</p>",
                ),
                ("heading", "先行救助，后补材料"),
                (
                    "text",
                    "<p>情况被定为特急：爱心驿站当晚送去被褥和米面，材料在规定时限内补齐。核实之后，县里的政府救助先行扣除，余下的缺口公开发布，只写到县、到月、到金额档次。</p>",
                ),
                (
                    "quote",
                    {
                        "text": "最难的不是没有炉子，是不知道下一步该找谁。后来每一步都有人打电话来。",
                        "by": "求助家庭的邻居",
                    },
                ),
                (
                    "text",
                    "<p>一家慈善组织的专项资金承担了修缮，一家社工机构连续六周陪孩子做心理疏导。三份帮助扣的是同一个缺口，没有一分重复。</p>",
                ),
            ],
            [
                (
                    "text",
                    "<p>Before winter a fire broke out in the side wing of a house. Nobody was hurt, but bedding, food and the stove were gone. A neighbour filled in “Report a need”; the officer called back the same afternoon.</p>",
                ),
                ("heading", "Help first, papers after"),
                (
                    "text",
                    "<p>It was ranked critical: the goods station brought bedding and rice that evening, and the papers followed within their time limit. Government relief was taken off first; the gap that was left was published by county, month and band of amount, nothing finer.</p>",
                ),
                (
                    "quote",
                    {
                        "text": "The worst was not the missing stove. It was not knowing whom to ask next. After that, somebody called at every step.",
                        "by": "a neighbour of the household",
                    },
                ),
                (
                    "text",
                    "<p>A charity's special fund paid for the repair, and for six weeks a social work agency was there for the child. Three kinds of help came off one gap, and nothing was given twice.</p>",
                ),
            ],
        ),
        12,
    ),
    Example(
        Text(
            "eleven-weeks-to-the-hospital-and-back",
            "十一周，往返医院的路",
            "Eleven weeks, to the hospital and back",
            "治疗费有医保和救助，路费和陪护没有。缺的那一小块，决定了治疗能不能做完。",
            "Insurance paid for the treatment. Nobody paid for the way there. The small gap decided whether it could be finished.",
            [
                (
                    "text",
                    "<p>县里一位独居老人需要连续十一周去市里治疗。医保和医疗救助覆盖了大部分费用，但每周的路费和陪同没有着落。</p>",
                ),
                (
                    "steps",
                    [
                        {"title": "缺口很小", "text": "扣除政府救助之后，缺的只是路费和十一次陪同。"},
                        {"title": "来自两处", "text": "企业冠名基金承担路费，社工机构安排陪同就医。"},
                        {"title": "有去有回", "text": "每一次陪同都有记录，结果回写案卷。"},
                    ],
                ),
                ("text", "<p>第十一周，服务完成。捐赠方收到的报告里只有项目编号、月份和金额，没有名字。</p>"),
            ],
            [
                (
                    "text",
                    "<p>An old person living alone needed treatment in the city for eleven weeks. Insurance and medical relief covered most of it, but not the weekly way there, nor somebody to come along.</p>",
                ),
                (
                    "steps",
                    [
                        {
                            "title": "A small gap",
                            "text": "After government relief only the fares and eleven escorts were lacking.",
                        },
                        {
                            "title": "Two sources",
                            "text": "An enterprise's named fund paid the fares; a social work agency sent the escorts.",
                        },
                        {
                            "title": "There and back",
                            "text": "Every escort was recorded, and the outcome went back to the case.",
                        },
                    ],
                ),
                (
                    "text",
                    "<p>In the eleventh week the service was complete. The donor's report holds the project's number, the month and the amount, and no name.</p>",
                ),
            ],
        ),
        40,
    ),
)

NEWS = (
    Example(
        Text(
            "every-non-match-now-says-why",
            "没有对接上的需求，也会写明原因",
            "Every need that was not matched now says why",
            "统计页新增“未满足的需求及其原因”，按县和原因列出；数量较少的不显示。",
            "The statistics now show what stands unmet, by county and reason; small counts are withheld.",
            [
                (
                    "text",
                    "<p>每次对接之后，没有得到帮助的需求会留下最近的一条理由，以及怎样的最小调整就能对接。汇总数字每周随开放数据一起发布。</p>",
                ),
            ],
            [
                (
                    "text",
                    "<p>After each run, a need that found no help keeps the nearest reason and the smallest change that would have matched it. The sums are released every week with the open data.</p>",
                ),
            ],
        ),
        5,
    ),
)
