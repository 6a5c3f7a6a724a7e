DROP TABLE staging.inventory, staging.demand, staging.order_lines, staging.items;
