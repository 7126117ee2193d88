<?php

namespace Bitrix\Main\DB;

/** No connection. */
class ConnectionException extends Exception
{
}
