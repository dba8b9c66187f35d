# ruff: noqa: E501  # paragraphs of prose, one a line
"""The first texts of the site, in Chinese with the English beside; editors change them afterwards."""

from dataclasses import dataclass, field

Block = tuple[str, object]


@dataclass(frozen=True)
class Text:
    """One page: slug, title, introduction and body in both languages."""

    slug: str
    title: str
    title_en: str
    intro: str
    intro_en: str
    body: list[Block] = field(default_factory=list)
    body_en: list[Block] = field(default_factory=list)


def _steps(*steps: tuple[str, str]) -> Block:
    return ("steps", [{"title": title, "text": text} for title, text in steps])


def _points(*points: tuple[str, str]) -> Block:
    """Things beside each other, none before the other."""
    rows = "".join(f"<li><b>{title}</b><br/>{text}</li>" for title, text in points)
    return ("text", f"<ul>{rows}</ul>")


HEADLINE = "让每一份急难，都有人接住"
HEADLINE_EN = "No household in acute difficulty should wait unseen"

HOME = Text(
    "home",
    "救急难+",
    "Acute Difficulty Relief+",
    "民政部门核实的急难需求，在这里与慈善组织、企业、社工机构和爱心驿站对接。每一项需求只有一个缺口，每一笔承诺都从同一个缺口里扣减，结果向所有人反馈。",
    "Needs that civil affairs have verified meet charities, enterprises, social work agencies and goods "
    "stations. Every need has one gap, every promise is taken off that gap, and everybody is told what came of it.",
    [
        ("heading", "一项需求怎样得到帮助"),
        _steps(
            ("核实", "经办人受理，审核人核实，发布人签发：同一案卷由三个不同的人负责，每一步都有时限。"),
            ("脱敏发布", "只公开到县、到月、到金额档次；达不到匿名标准的不发布，本人可以随时撤回同意。"),
            ("对接", "系统按困难指数、紧急程度和资金的限定用途提出对接建议，并写明每一条理由。"),
            ("反馈", "拨付、转介和服务结果回写案卷，并向捐赠方报告，件件有着落、事事有回音。"),
        ),
    ],
    [
        ("heading", "How a need is met"),
        _steps(
            (
                "Verified",
                "A case officer takes it in, a verifier checks it, a publisher signs: three people, each with a deadline.",
            ),
            (
                "Anonymised",
                "County, month and band of amount, nothing finer. What could be traced is not published, and consent can be withdrawn at any time.",
            ),
            (
                "Matched",
                "Proposals follow the difficulty score, the urgency and the restrictions of each fund, and say why.",
            ),
            ("Answered", "Payments, referrals and their outcomes go back to the case and to the donor."),
        ),
    ],
)

CATALOGUE = Text(
    "projects",
    "求助项目",
    "Projects",
    "以下项目均已核实并脱敏。可按地区、紧急程度、所需帮助和金额筛选，也可以直接搜索，例如“大病”“学费”“陪同就医”。",
    "All of these are verified and anonymised. Narrow them by region, urgency, kind of help and amount, or search.",
)

STATISTICS = Text(
    "statistics",
    "数据统计",
    "Statistics",
    "求助项目、所需帮助和对接情况的汇总数据，每周发布一次；数量较少的一律不显示，其余取整到十。",
    "Projects, what they ask for and what became of it, released every week. Small counts are withheld, others rounded.",
)

OPEN_DATA = Text(
    "open-data",
    "开放数据",
    "Open data",
    "与页面同源的数据文件，可自由使用；不含任何能够识别个人的内容。",
    "The same numbers and projects as files, free to use. Nothing in them leads to a person.",
)

STORIES = Text(
    "stories",
    "故事",
    "Stories",
    "帮助怎样到达一户人家。人物和地点均已处理，不指向任何个人。",
    "How help reached a household. People and places are told so that nobody is recognised.",
)

NEWS = Text(
    "news",
    "动态",
    "News",
    "平台的新功能、新规则和各地的工作进展。",
    "What is new on the platform and in the regions.",
)

ORGANISATIONS = Text(
    "organisations",
    "参与组织",
    "Who takes part",
    "经民政部门核验的慈善组织、企业、社工机构、爱心驿站和对口帮扶单位，以及各自资金的限定用途。",
    "Charities, enterprises, agencies, stations and partners that civil affairs have verified, and what their funds are for.",
)

PAGES = (
    Text(
        "how-it-works",
        "如何运作",
        "How it works",
        "从发现一户急难家庭，到帮助送达、结果反馈，平台的每一步都有人负责、有时限、有记录。",
        "From finding a household in difficulty to help that has arrived: each step has an owner, a deadline and a record.",
        [
            ("heading", "需求从哪里来"),
            (
                "text",
                "<p>村（社区）干部、网格员、社工、医院、学校和群众都可以发现并上报。县级民政部门受理后建立案卷，核对经济状况，核定所需的资金、物资和服务，并先扣除政府救助和保险已经覆盖的部分，余下的才是缺口。</p>",
            ),
            ("heading", "谁来帮助"),
            _points(
                ("慈善组织和企业", "从自己管理的专项资金、冠名基金中承诺和拨付，平台不经手资金。"),
                ("社工机构", "接受转介：需求调查、困难帮扶、社会融入、心理疏导、精神慰藉等。"),
                ("爱心驿站", "按库存发放粮油、被褥、衣物、学习用品和辅助器具。"),
                ("对口帮扶单位", "定向支持结对地区。"),
            ),
            ("heading", "怎样避免重复和遗漏"),
            (
                "text",
                "<p>所有承诺都从同一个缺口中扣减，任何人都不能超过缺口；暂时没有对接上的需求会逐条列出原因，以及怎样的最小调整就能对接。</p>",
            ),
            ("notice", "<p>特急救助可以<b>先行救助</b>：先帮助，后在规定时限内补齐材料。</p>"),
        ],
        [
            ("heading", "Where needs come from"),
            (
                "text",
                "<p>Village cadres, grid workers, social workers, hospitals, schools and neighbours find and report. The county's civil affairs unit opens a case record, checks the means of the household and sets what is needed. What government relief and insurance cover is taken off first; the rest is the gap.</p>",
            ),
            ("heading", "Who helps"),
            _points(
                (
                    "Charities and enterprises",
                    "They commit and pay from special and named funds that they keep themselves; no money passes through the platform.",
                ),
                (
                    "Social work agencies",
                    "They accept referrals: needs survey, hardship help, social inclusion, counselling, comfort.",
                ),
                (
                    "Goods stations",
                    "They hand out food, bedding, clothing, school supplies and devices from their stock.",
                ),
                ("Paired-assistance partners", "They support the region that they are bound to."),
            ),
            ("heading", "Nobody twice, nobody forgotten"),
            (
                "text",
                "<p>Every promise is taken off the same gap and none can pass it. What could not be matched is listed with its reason and the smallest change that would make it match.</p>",
            ),
            (
                "notice",
                "<p>In the critical tier <b>help comes first</b>, and the papers follow within their time limit.</p>",
            ),
        ],
    ),
    Text(
        "policies",
        "政策说明",
        "Policies",
        "平台依据社会救助和慈善方面的法律运行。这里用平常话说明与您有关的几条。",
        "The platform works under the laws on social assistance and charity. The parts that concern you, in plain words.",
        [
            ("heading", "个人信息怎样保护"),
            (
                "text",
                "<p>案卷中的姓名、证件号码、住址等信息加密保存，工作人员查看时必须写明理由并留下记录。公开的项目不含任何可以识别个人的内容。家庭暴力、未成年人等敏感情形不单独公开。</p>",
            ),
            ("heading", "为什么不能直接给个人捐款"),
            (
                "text",
                "<p>依法只有指定的平台才能发布个人求助并募集款项。本平台不接收公众捐款，帮助由登记的组织从自己的限定用途资金中提供。</p>",
            ),
            ("heading", "紧急程度怎样划分"),
            (
                "text",
                "<ul><li><b>特急救助</b>：情况危急，先行救助。</li><li><b>联合救助</b>：需要多个部门和社会力量共同帮助。</li><li><b>部门救助</b>：由主管部门按政策救助，社会力量补充。</li></ul>",
            ),
            ("heading", "怎样申请政府救助"),
            (
                "text",
                "<p>可以向户籍所在地或者急难发生地的乡镇（街道）申请，也可以拨打12345。申请有困难的，村（社区）会帮助办理。</p>",
            ),
        ],
        [
            ("heading", "How personal information is kept"),
            (
                "text",
                "<p>Names, numbers and addresses are stored encrypted. Staff open them only with a reason, and every opening is recorded. A public project holds nothing by which a person could be recognised. Sensitive situations are never shown on their own.</p>",
            ),
            ("heading", "Why you cannot give money to a person here"),
            (
                "text",
                "<p>By law only designated platforms may publish personal pleas and gather money for them. This one takes no donations from the public: registered organisations help from restricted funds of their own.</p>",
            ),
            ("heading", "What the tiers of urgency mean"),
            (
                "text",
                "<ul><li><b>Critical relief</b>: help comes first.</li><li><b>Joint relief</b>: several departments and social forces act together.</li><li><b>Departmental relief</b>: the department in charge helps, social forces add to it.</li></ul>",
            ),
            ("heading", "How to apply for government relief"),
            (
                "text",
                "<p>Apply to the township or street office where you are registered or where the difficulty arose, or call 12345. Where applying is hard, the village or community helps.</p>",
            ),
        ],
    ),
    Text(
        "about",
        "关于平台",
        "About",
        "救急难+平台把核实过的急难需求与能够提供帮助的社会力量联系起来。",
        "The platform links verified needs with the social forces that can help.",
        [
            ("heading", "我们的承诺"),
            (
                "text",
                "<ul><li>每一项需求都有人负责、有期限、有答复。</li><li>每一笔资金都按限定用途使用，账目逐笔平衡。</li><li>每一次对接和没有对接都有理由，可以复核。</li></ul>",
            ),
            ("heading", "参与"),
            (
                "text",
                "<p>慈善组织、企业、社工机构、爱心驿站和对口帮扶单位，请与所在县（市、区）民政部门联系，核验后开通账号。</p>",
            ),
            ("heading", "意见与更正"),
            (
                "text",
                "<p>发现信息有误，或者认为某个项目可能暴露了个人身份，请立即告知所在地民政部门，我们会先撤下再核查。</p>",
            ),
        ],
        [
            ("heading", "What we promise"),
            (
                "text",
                "<ul><li>Every need has an owner, a deadline and an answer.</li><li>All money is spent within its restrictions, and every entry balances.</li><li>Every match and every non-match has its reason and can be computed again.</li></ul>",
            ),
            ("heading", "Taking part"),
            (
                "text",
                "<p>Charities, enterprises, social work agencies, goods stations and paired partners: ask the civil affairs unit of your county for an account; it is opened once you are verified.</p>",
            ),
            ("heading", "Corrections"),
            (
                "text",
                "<p>If something is wrong, or a project might point to a person, tell the local civil affairs unit at once. We take it down first and look into it then.</p>",
            ),
        ],
    ),
)
