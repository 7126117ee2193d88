<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Sending;

/** Events into deliveries, in order, by count and by bytes of JSON. Pure. */
final class Batcher
{
    /** The gateway takes no event whose data are larger (1 MiB); a little is left for how it is written. */
    public const DATA_BYTES_MAX = 1040000;

    private const JSON = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION
        | JSON_THROW_ON_ERROR;

    /** `{"events":[...]}` */
    private const FRAME_BYTES = 13;

    public function __construct(private readonly int $eventsMax, private readonly int $bytesMax)
    {
    }

    /**
     * @param list<Outgoing> $events
     * @return array{list<Batch>, list<array{Outgoing, Fault}>} and those that fit into no delivery, with the reason
     */
    public function batches(array $events, int $version): array
    {
        $batches = [];
        $unfit = [];
        $open = [];
        $bytes = self::FRAME_BYTES;
        foreach ($events as $event) {
            $size = $this->size($event, $version);
            if ($size instanceof Fault) {
                $unfit[] = [$event, $size];
                continue;
            }
            if ($open !== [] && (count($open) >= $this->eventsMax || $bytes + $size > $this->bytesMax)) {
                $batches[] = new Batch($open, $version);
                $open = [];
                $bytes = self::FRAME_BYTES;
            }
            $open[] = $event;
            $bytes += $size;
        }
        if ($open !== []) {
            $batches[] = new Batch($open, $version);
        }

        return [$batches, $unfit];
    }

    private function size(Outgoing $event, int $version): int|Fault
    {
        try {
            $data = strlen(json_encode($event->data, self::JSON));
            $bytes = strlen(json_encode($event->toArray($version), self::JSON)) + 1;
        } catch (\JsonException $error) {
            return new Fault($event->want->rowIds, 'event_unencodable', $error->getMessage());
        }
        if ($data > self::DATA_BYTES_MAX) {
            $detail = "the event has $data bytes; the gateway takes " . self::DATA_BYTES_MAX . ' at most';

            return new Fault($event->want->rowIds, 'event_too_large', $detail);
        }

        return $bytes;
    }
}
