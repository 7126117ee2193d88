<?php

namespace Bitrix\Sale;

/** Coupons of the shop. */
class DiscountCouponsManager extends DiscountCouponsManagerBase
{
}
