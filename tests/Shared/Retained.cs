using System.Reflection;
using System.Runtime.CompilerServices;

namespace SignalWatch.Tests;

/// <summary>What an object keeps in memory: itself and all that can be reached from it, counted field by field. The heap of the process is not asked,
/// so nothing that other tests allocate or let go meanwhile is in the figure, and the same object gives the same figure.</summary>
internal static class Retained
{
    // Header and method table of each object; an array's length with its padding.
    private const int ObjectBytes = 16, ArrayBytes = 24;

    private static readonly MethodInfo SizeOf = typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!;

    public static long Bytes(object root)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var left = new Stack<object>();
        Reach(root, seen, left);
        var bytes = 0L;
        while (left.TryPop(out var o)) bytes += Count(o, found => Reach(found, seen, left));
        return bytes;
    }

    // Types, methods and threads belong to the runtime and lead to all of it.
    private static void Reach(object? o, HashSet<object> seen, Stack<object> left)
    {
        if (o is null or MemberInfo or Assembly or Module or Thread) return;
        if (seen.Add(o)) left.Push(o);
    }

    private static long Count(object o, Action<object?> reach)
    {
        if (o is string text) return ObjectBytes + 4 + 2 * (text.Length + 1);
        if (o is not Array array) return ObjectBytes + Fields(o, o.GetType(), reach);
        var element = array.GetType().GetElementType()!;
        if (!element.IsPrimitive && !element.IsPointer)
            foreach (var item in array) Follow(item, element, reach);
        return ArrayBytes + (long)array.Length * Size(element);
    }

    private static long Fields(object o, Type type, Action<object?> reach)
    {
        var bytes = 0L;
        for (var t = type; t is not null; t = t.BaseType)
            foreach (var field in t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                bytes += Size(field.FieldType);
                if (!field.FieldType.IsPrimitive && !field.FieldType.IsPointer) Follow(field.GetValue(o), field.FieldType, reach);
            }
        return bytes;
    }

    // A value lies within its holder, whose size has it already; what it refers to does not.
    private static void Follow(object? value, Type declared, Action<object?> reach)
    {
        if (!declared.IsValueType) reach(value);
        else if (value is not null && !declared.IsEnum) Fields(value, value.GetType(), reach);
    }

    private static int Size(Type type) => type.IsValueType && !type.IsByRefLike ? (int)SizeOf.MakeGenericMethod(type).Invoke(null, null)! : IntPtr.Size;
}
