using Shabou.ServiceDefaults;
using Shabou.Standby;
using Shabou.Standby.Promotion;

StartRefusal.SayInOneSentence();
var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddStandby();

var app = builder.Build();
app.MapServiceDefaults();
app.MapPromotion();
app.Run();
