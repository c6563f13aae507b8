using System.Runtime.Versioning;

// The local host refuses to start elsewhere; process identities are read from /proc, so these tests run on Linux.
[assembly: SupportedOSPlatform("linux")]
