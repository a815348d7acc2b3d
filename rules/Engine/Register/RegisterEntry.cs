using SignalWatch.Contracts;

namespace SignalWatch.Rules;

/// <summary>What the FM register says of a carrier.</summary>
/// <param name="Known">It can say something: there is a register, and the area is known well enough.</param>
/// <param name="Licence">The entry; of class <see cref="LicenceClass.Overspill"/> where it is one for another area. Null where the carrier is nobody's that is registered.</param>
/// <param name="Elsewhere">Area and name of the entry for another area, such as <c>4403 深圳先锋898</c>: the one that <paramref name="Licence"/> is, or one whose PI is not the carrier's. Null where there is an entry for this
/// area, or none at all.</param>
public readonly record struct RegisterEntry(bool Known, FmLicence? Licence, string? Elsewhere);
