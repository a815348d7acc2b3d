using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Cases;

/// <summary>What cases say to people.</summary>
internal static class CaseTexts
{
    public static Problem NoSuchCase(string id) => new("case.absent",
        new($"没有案件 {id}", $"There is no case {id}"),
        new("请核对案件编号；GET /api/v1/cases 列出全部案件。", "Check the number; GET /api/v1/cases lists all cases."), 404);

    public static Problem NoSuchLetter(string id, int number) => new("case.letter-absent",
        new($"案件 {id} 没有第 {number} 号移送函", $"Case {id} has no hand-over {number}"),
        new("请在案件的移送记录中核对编号。", "Check the number in the case's hand-overs."), 404);

    public static Problem BadAct(string field) => new("case.act-invalid",
        new($"操作内容有误：{field}", $"The act is not complete: {field}"),
        new("没有改动任何数据。", "Nothing was changed."), 400);

    public static Problem NotInCase(string id, string sha256) => new("case.evidence-foreign",
        new($"证据 {sha256} 不属于案件 {id}", $"Evidence {sha256} does not belong to case {id}"),
        new("请先用 linkEvidence 把它关联到案件。没有改动任何数据。", "Link it to the case first (linkEvidence). Nothing was changed."), 409);

    public static Problem NoSuchAlarm(string alarm) => new("case.alarm-absent",
        new($"没有告警 {alarm}", $"There is no alarm {alarm}"),
        new("没有改动任何数据。请核对告警编号。", "Nothing was changed. Check the alarm's id."), 409);

    public static Problem NoSuchEvidence(string sha256) => new("case.evidence-absent",
        new($"没有证据 {sha256}", $"There is no evidence {sha256}"),
        new("没有改动任何数据。请先上传。", "Nothing was changed. Upload it first."), 409);

    public static Problem Changed(string id, long seen, long now) => new("case.changed",
        new($"案件 {id} 已有新的变化", $"Case {id} has changed"),
        new($"您看到的是版本 {seen}，现在是 {now}。请重新查看后再操作；没有改动任何数据。", $"You saw version {seen}, it is at {now}. Look again and repeat; nothing was changed."), 409);

    public static Problem NotPossible(string id, CaseCommand command, CaseState state) => new("case.not-possible",
        new($"案件 {id} 处于“{StateName(state).Zh}”，不能执行 {Name(command)}", $"Case {id} is “{StateName(state).En}”; {Name(command)} is not possible"),
        new($"现在可以：{Possible(state)}。没有改动任何数据。", $"Possible now: {Possible(state)}. Nothing was changed."), 409);

    public static Problem TasksOpen(string id, int open) => new("case.tasks-open",
        new($"案件 {id} 还有 {open} 项任务（含复查）未完成，不能归档", $"Case {id} has {open} open tasks (re-checks among them) and can't be archived"),
        new("请先完成这些任务。没有改动任何数据。", "Complete them first. Nothing was changed."), 409);

    public static Text StateName(CaseState state) => state switch
    {
        CaseState.Gathering => new("取证中", "gathering evidence"),
        CaseState.HandedOver => new("已移送", "handed over"),
        CaseState.Resolved => new("已处置", "resolved"),
        _ => new("已归档", "archived"),
    };

    public static Text KindName(CaseKind kind) => kind switch
    {
        CaseKind.PirateFm => new("黑广播", "pirate broadcast"),
        CaseKind.Venue => new("场所违规接收转播", "venue"),
        CaseKind.Ott => new("网络视听", "streaming service"),
        CaseKind.Content => new("播出内容", "content"),
        _ => new("安全播出", "broadcast safety"),
    };

    private static string Possible(CaseState state) => state switch
    {
        CaseState.Archived => "reopen",
        CaseState.Resolved => "completeTask, archive, reopen, addNote, linkEvidence, setItem",
        _ => "linkAlarm, linkEvidence, setItem, addTask, completeTask, setLimb, handOver, receive, addNote, resolve" + (state == CaseState.HandedOver ? ", reopen" : ""),
    };

    private static string Name(CaseCommand command) => JsonNamingPolicy.CamelCase.ConvertName(command.GetType().Name);
}
