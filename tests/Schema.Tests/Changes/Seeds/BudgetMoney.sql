UPDATE prospector.budget_switch SET killed = true, reason = 'Invoice.', changed_by = 'me', revision = revision + 1;
