using System.IO.Hashing;
using System.Text;

namespace Shabou.Standins.Tests;

public sealed class XxHashTests
{
    [Theory]
    [InlineData("", 0xef46db3751d8e999)]
    [InlineData("a", 0xd24ec4f1a98c6e5b)]
    [InlineData("abc", 0x44bc2cf5ad770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xfbcea83c8a378bf1)]
    public void XxHash64_gives_the_published_digests(string text, ulong expected) =>
        Assert.Equal(expected, BitConverter.ToUInt64([.. XxHash64.Hash(Encoding.ASCII.GetBytes(text)).Reverse()]));

    [Theory]
    [InlineData("", 0x2d06800538d394c2)]
    [InlineData("a", 0xe6c632b61e964e1f)]
    [InlineData("abc", 0x78af5f94892f3950)]
    public void XxHash3_gives_the_published_digests(string text, ulong expected) =>
        Assert.Equal(expected, XxHash3.HashToUInt64(Encoding.ASCII.GetBytes(text), 0));

    [Fact]
    public void XxHash64_agrees_with_the_library_inside_the_sdk()
    {
        using var genuine = GenuineHashing.Load();
        var random = new Random(20_261_121);
        for (var length = 0; length <= 300; length++)
        {
            var source = new byte[length];
            random.NextBytes(source);
            Assert.Equal(genuine.XxHash64(source), XxHash64.Hash(source));
        }
    }

    [Fact]
    public void XxHash3_agrees_with_the_library_inside_the_sdk_for_every_class_of_length()
    {
        using var genuine = GenuineHashing.Load();
        var random = new Random(20_261_121);
        int[] beyond = [1023, 1024, 1025, 1087, 1088, 1089, 2048, 2049, 4096, 10_000, 65_536, 100_001];
        foreach (var length in Enumerable.Range(0, 600).Concat(beyond))
        {
            var source = new byte[length];
            random.NextBytes(source);
            foreach (var seed in (long[])[0, 1, -1, long.MinValue, random.NextInt64(), -random.NextInt64()])
                Assert.True(genuine.XxHash3(source, seed) == XxHash3.HashToUInt64(source, seed), $"{length} bytes with seed {seed}");
        }
    }
}
