DROP TABLE support.settings, support.freshness, support.saved_views, support.import_rejects, support.import_runs,
    support.audit_head, support.audit_logs, support.api_tokens, support.refresh_tokens, support.users;
