namespace Shabou.Gateway.Identity;

/// <summary>PostgreSQL advisory locks by which gateways agree who acts.</summary>
internal static class IdentityLocks
{
    /// <summary>Whoever makes or revokes keys of the ring or of Data Protection.</summary>
    internal const long Keys = 0x5348_4142_4F55_0003;

    /// <summary>Whoever takes administrators away, by key or by person, so that two cannot each take the last but one.</summary>
    internal const long Administrators = 0x5348_4142_4F55_0002;
}
