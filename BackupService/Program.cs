using Shabou.Backups;
using Shabou.BackupService.Archive;
using Shabou.BackupService.Commands;
using Shabou.BackupService.Copying;
using Shabou.BackupService.Health;
using Shabou.BackupService.Restoring;
using Shabou.BackupService.Schedule;
using Shabou.Schema;
using Shabou.ServiceDefaults;
using Shabou.ServiceDefaults.Auth;

if (args is ["restore", .. var wishes])
    return await RestoreCommand.RunAsync(wishes);

StartRefusal.SayInOneSentence();
var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AllowAnonymousCallers(); // a key of its own: who starts backups is the operator, not a client of the shop
builder.AddShabouDataSource();
builder.AddBackups();
builder.AddBackupWork();
builder.AddWalArchive();
builder.AddSecondPlaceCopying();
builder.AddBackupHealth();
builder.AddCommandKey();

var app = builder.Build();
app.MapServiceDefaults();
app.MapCommands();
app.Run();
return 0;
