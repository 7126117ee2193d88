<?php

$MESS['ALIGATE_ALIEXPRESS_LISTINGS_TITLE'] = 'AliExpress: listings';
$MESS['ALIGATE_ALIEXPRESS_LOADING'] = 'Loading...';
$MESS['ALIGATE_ALIEXPRESS_NOT_OFFERED'] = 'This version of the gateway cannot do that: update the gateway.';
$MESS['ALIGATE_ALIEXPRESS_AWAY'] = 'Error:';
$MESS['ALIGATE_ALIEXPRESS_STATE'] = 'State';
$MESS['ALIGATE_ALIEXPRESS_STATE_ANY'] = 'all states';
$MESS['ALIGATE_ALIEXPRESS_STATE_CHECK_FAILED'] = 'the check failed';
$MESS['ALIGATE_ALIEXPRESS_STATE_AUDITING'] = 'in moderation';
$MESS['ALIGATE_ALIEXPRESS_STATE_REFUSED'] = 'refused by moderation';
$MESS['ALIGATE_ALIEXPRESS_STATE_ON_SELLING'] = 'on sale';
$MESS['ALIGATE_ALIEXPRESS_STATE_OFFLINE'] = 'off sale';
$MESS['ALIGATE_ALIEXPRESS_PRODUCT'] = 'Product';
$MESS['ALIGATE_ALIEXPRESS_LISTING'] = 'Id on AliExpress';
$MESS['ALIGATE_ALIEXPRESS_REASONS'] = 'Reasons';
$MESS['ALIGATE_ALIEXPRESS_REASON_FILTER'] = 'Code of a reason';
$MESS['ALIGATE_ALIEXPRESS_ONLY_THIS_REASON'] = 'Show this reason only';
$MESS['ALIGATE_ALIEXPRESS_DUPLICATES'] = 'The same SKUs are in other listings, too:';
$MESS['ALIGATE_ALIEXPRESS_NO_LISTINGS'] = 'There are no products of this shop on AliExpress yet. They appear after mapping and export.';
$MESS['ALIGATE_ALIEXPRESS_NOTHING_FOUND'] = 'Nothing was found.';
$MESS['ALIGATE_ALIEXPRESS_SHOW_MORE'] = 'Show more';
