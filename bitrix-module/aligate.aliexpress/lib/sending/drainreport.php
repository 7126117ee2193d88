<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

/** How a drain ended. */
enum DrainReport: string
{
    /** Nothing waits that may go now. */
    case Drained = 'drained';

    /** More waits. */
    case OutOfTime = 'out_of_time';

    /** The gateway took no more; the connection rests for a while. */
    case Failed = 'failed';

    /** Not tried: it rests after a failure, or is not set up. */
    case Resting = 'resting';

    /** Not tried: another one is at it. */
    case Busy = 'busy';
}
