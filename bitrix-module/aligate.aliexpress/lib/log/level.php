<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Log;

/** How much a line of the log concerns a person. */
enum Level: string
{
    case Info = 'info';

    /** The module carried on. */
    case Warning = 'warning';

    /** Somebody must act. */
    case Error = 'error';
}
