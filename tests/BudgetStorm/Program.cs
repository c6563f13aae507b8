using Shabou.BudgetStorm;

// One process of a storm: the service's own budget and client of Places, without the rest of the service.
if (args is not [var plan])
{
    Console.Error.WriteLine("Started by Storm only, with its plan as JSON.");
    return 2;
}
await StormProcess.RunAsync(WorkerPlan.Parse(plan));
return 0;
