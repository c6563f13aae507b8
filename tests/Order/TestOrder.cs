using System.Security.Cryptography;
using System.Text;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCaseOrderer(typeof(Shabou.Testing.TestOrder))]

namespace Shabou.Testing;

/// <summary>Shuffles the tests of a class by their names and the seed in SHABOU_TEST_ORDER: the same on every machine and in every folder, and another
/// seed shows a test that leans on its neighbours (<c>./test --order 7</c>).</summary>
internal sealed class TestOrder : ITestCaseOrderer
{
    private static readonly string Seed = Environment.GetEnvironmentVariable("SHABOU_TEST_ORDER") ?? "0";

    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases) where TTestCase : notnull, ITestCase =>
        [.. testCases.OrderBy(test => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Seed} {test.TestCaseDisplayName}"))), StringComparer.Ordinal)];
}
