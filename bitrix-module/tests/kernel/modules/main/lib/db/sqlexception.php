<?php

namespace Bitrix\Main\DB;

/** A statement failed. */
class SqlException extends Exception
{
}
