using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Identity;

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> user)
    {
        user.ToTable("users", "identity", table => table.HasCheckConstraint("ck_users_email", "email = lower(email)"));
        user.Property(u => u.Id).ValueGeneratedNever();
        user.Property(u => u.Subject).HasMaxLength(User.SubjectMaxLength);
        user.Property(u => u.Email).HasMaxLength(User.EmailMaxLength);
        user.Property(u => u.Name).HasMaxLength(User.NameMaxLength);
        user.Property(u => u.Role).HasConversion<string>().HasMaxLength(16);
        user.Property(u => u.Version).IsRowVersion();
        user.HasIndex(u => u.Subject).IsUnique();
        user.HasIndex(u => u.Email).IsUnique();
    }
}
