DROP TABLE support.export_tickets;
