DROP TABLE IF EXISTS b_aligate_aliexpress_log;
DROP TABLE IF EXISTS b_aligate_aliexpress_state;
DROP TABLE IF EXISTS b_aligate_aliexpress_order;
DROP TABLE IF EXISTS b_aligate_aliexpress_sent;
DROP TABLE IF EXISTS b_aligate_aliexpress_outbox;
