using System.Reflection;
using System.Text.Json.Serialization;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>What alarms say to people.</summary>
internal static class AlarmTexts
{
    private static readonly Dictionary<Type, string> Names =
        typeof(AlarmAct).GetCustomAttributes<JsonDerivedTypeAttribute>().ToDictionary(a => a.DerivedType, a => (string)a.TypeDiscriminator!);

    /// <summary>The act's name on the wire.</summary>
    public static string NameOf(AlarmAct act) => Names[act.GetType()];

    public static Problem NotPossible(AlarmRecord state, AlarmAct act)
    {
        var possible = string.Join(", ", AlarmHandling.Possible(state));
        return new("alarm.illegal-transition",
            new($"告警 {state.Id} 处于“{WorkflowName(state.Workflow).Zh}”（{state.IsaState}），不能执行 {NameOf(act)}", $"Alarm {state.Id} is “{WorkflowName(state.Workflow).En}” ({state.IsaState}); {NameOf(act)} is not possible"),
            new($"现在可以：{possible}。没有改动任何数据。", $"Possible now: {possible}. Nothing was changed."), 409);
    }

    public static Problem Changed(string id, long seen, long now) => new("alarm.changed",
        new($"告警 {id} 在您查看之后有了变化", $"Alarm {id} has changed since you looked"),
        new($"您看到的是版本 {seen}，现在是 {now}。没有执行；请看过最新状态后再操作。", $"You saw version {seen}, it is at {now}. Nothing was done; look at its present state, then repeat."), 409);

    public static Problem BadAct(string field) => new("alarm.act-invalid",
        new($"操作内容有误：{field}", $"The act is not complete: {field}"),
        new("没有改动任何数据。", "Nothing was changed."), 400);

    public static Problem ShelfTooLong(int priority, TimeSpan most) => new("alarm.shelf-too-long",
        new($"P{priority} 告警最长只能搁置 {most.TotalHours:0.##} 小时", $"An alarm of priority {priority} can be shelved for {most.TotalHours:0.##} h at most"),
        new("没有搁置。请缩短时间；到期后告警会重新出现。", "It was not shelved. Choose a shorter time; the alarm comes back when it ends."), 409);

    public static Problem NoSuchEntry(string kind, string id) => new("calendar.absent",
        new($"没有 {kind} {id}", $"There is no {kind} {id}"), new("请刷新列表。", "Refresh the list."), 404);

    public static Text WorkflowName(AlarmWorkflow state) => state switch
    {
        AlarmWorkflow.Pending => new("待确认", "to be confirmed"),
        AlarmWorkflow.Confirmed => new("已确认", "confirmed"),
        AlarmWorkflow.Dispatched => new("已派单", "dispatched"),
        AlarmWorkflow.Handling => new("处置中", "in hand"),
        AlarmWorkflow.Resolved => new("已处置", "resolved"),
        AlarmWorkflow.Archived => new("已归档", "archived"),
        _ => new("误报", "false alarm"),
    };

    /// <summary>What a person did, in a line of the timeline.</summary>
    public static Text Said(AlarmAct act) => act switch
    {
        Unacknowledge a => new($"撤销确认：{a.Reason}", $"acknowledgement taken back: {a.Reason}"),
        Shelve a => new($"搁置至 {Time(a.Until)}：{a.Reason}", $"shelved until {Time(a.Until)}: {a.Reason}"),
        Unshelve => new("取消搁置", "unshelved"),
        TakeOutOfService a => new($"停用：{a.Reason}", $"out of service: {a.Reason}"),
        ReturnToService => new("恢复使用", "returned to service"),
        ResetLatch => new("解除锁存", "latch reset"),
        Dispatch a => new($"派单 {a.Team}，期限 {Time(a.Deadline)}", $"dispatched {a.Team}, due {Time(a.Deadline)}"),
        StartHandling => new("开始处置", "in hand"),
        ResolveAlarm a => new($"已处置：{a.Result}", $"resolved: {a.Result}"),
        ArchiveAlarm => new("已归档", "archived"),
        DeclareFalse a => new($"误报（{ReasonName(a.Reason).Zh}）{a.Note}", $"false alarm ({ReasonName(a.Reason).En}) {a.Note}"),
        ReopenAlarm a => new($"重新打开：{a.Reason}", $"reopened: {a.Reason}"),
        AddAlarmNote a => new(a.Note, a.Note),
        _ => new(NameOf(act), NameOf(act)),
    };

    public static Text Surrounded(Circumstances around) => new(
        $"{(around.SuppressedBy.Count > 0 ? "归并于 " + string.Join(", ", around.SuppressedBy) : "不再归并")}{(around.RaisedBy.Count > 0 ? "；升级：" + string.Join(", ", around.RaisedBy) : "")}",
        $"{(around.SuppressedBy.Count > 0 ? "folded under " + string.Join(", ", around.SuppressedBy) : "not folded")}{(around.RaisedBy.Count > 0 ? "; more urgent: " + string.Join(", ", around.RaisedBy) : "")}");

    public static Text Ended(Expiry what) => what == Expiry.Shelf ? new("搁置到期", "the shelf has ended") : new("确认到期，仍未恢复", "the acknowledgement has ended, it is still active");

    private static Text ReasonName(FalseAlarmReason reason) => reason switch
    {
        FalseAlarmReason.ImageOrProduct => new("镜像或互调", "image or product"),
        FalseAlarmReason.RegisterOutOfDate => new("登记库未更新", "register out of date"),
        FalseAlarmReason.Overspill => new("境外溢波", "overspill"),
        FalseAlarmReason.LawfulTest => new("合法测试", "lawful test"),
        FalseAlarmReason.PlannedWork => new("计划内检修或停播", "planned work"),
        FalseAlarmReason.EquipmentFault => new("设备故障", "equipment fault"),
        FalseAlarmReason.RuleWrong => new("规则不当", "the rule is wrong"),
        _ => new("其他", "other"),
    };

    private static string Time(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm (zzz)", System.Globalization.CultureInfo.InvariantCulture);
}
