<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Inbound;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Order\OrderData;
use Aligate\Aliexpress\Order\OrderImporter;
use Aligate\Aliexpress\Order\OrderInvalid;
use Aligate\Aliexpress\Order\OrderNotNow;
use Aligate\Aliexpress\Sending\StateRequest;
use Aligate\Aliexpress\Signing\Signature;

/**
 * What the gateway posts to the shop: one signed event a request. Everything it does may be done twice, so that a
 * replay within the signature's time window is harmless.
 */
final class Endpoint
{
    /** A larger body is not read. */
    public const BODY_BYTES_MAX = 1048576;

    private const DEPTH_MAX = 32;

    /** @param \Closure(): int $now unix seconds */
    public function __construct(
        private readonly OrderImporter $orders,
        private readonly StateRequest $requests,
        private readonly GatewayNotices $notices,
        private readonly \Closure $now,
    ) {
    }

    /**
     * @param Connection|null $connection null: there is none of that id; told from a bad signature by nothing
     * @param array{id: string, timestamp: string, signature: string} $headers of Standard Webhooks
     */
    public function take(?Connection $connection, array $headers, string $body): Answer
    {
        if ($connection === null || $connection->secrets === [] || !$this->isSigned($connection, $headers, $body)) {
            return Answer::problem(401, 'unauthorized', 'the connection is unknown or the signature is not valid');
        }
        if (!Signature::isInTime($headers['timestamp'], ($this->now)())) {
            return Answer::problem(401, 'clock_skew', 'the signature is valid, its time is not within the window: look at the clocks');
        }
        if (strlen($body) > self::BODY_BYTES_MAX) {
            return Answer::problem(413, 'body_too_large', 'an event has at most ' . self::BODY_BYTES_MAX . ' bytes');
        }
        $event = json_decode($body, true, self::DEPTH_MAX, JSON_BIGINT_AS_STRING);
        if (!is_array($event) || !is_string($event['type'] ?? null) || !is_array($event['data'] ?? null)) {
            return Answer::problem(400, 'event_unreadable', 'the body is no event');
        }
        try {
            return $this->dispatch($connection, $event, hash('sha256', $body));
        } catch (OrderInvalid $error) {
            return Answer::problem(422, $error->problemCode, $error->getMessage());
        } catch (\InvalidArgumentException $error) {
            return Answer::problem(422, 'data_invalid', $error->getMessage());
        } catch (OrderNotNow $error) {
            return Answer::problem(503, $error->problemCode, $error->getMessage(), $error->retryAfterSeconds);
        }
    }

    /** @param array<mixed> $event */
    private function dispatch(Connection $connection, array $event, string $digest): Answer
    {
        $version = $event['version'] ?? null;
        $data = $event['data'];
        if ($event['type'] === 'order.changed') {
            if (!is_int($version) || $version < 0) {
                throw new OrderInvalid('version_invalid', 'version is not a whole number');
            }

            return new Answer(200, $this->orders->import($connection, OrderData::fromArray($data), $version, $digest));
        }

        return match ($event['type']) {
            'state.requested' => new Answer(200, ['marked' => $this->requests->mark($connection, $data)]),
            'listing.state_changed' => $this->taken($this->notices->listing($connection, $data)),
            'notice' => $this->taken($this->notices->notice($connection, $data)),
            default => Answer::problem(422, 'type_unknown', 'this version of the module does not know the event'),
        };
    }

    private function taken(bool $isUnderstood): Answer
    {
        return $isUnderstood
            ? new Answer(200, ['taken' => true])
            : Answer::problem(422, 'data_invalid', 'the event lacks what it is about');
    }

    /** @param array{id: string, timestamp: string, signature: string} $headers */
    private function isSigned(Connection $connection, array $headers, string $body): bool
    {
        try {
            $signature = new Signature($connection->secrets);
        } catch (\InvalidArgumentException) {
            return false;
        }

        return $signature->matches($headers['id'], $headers['timestamp'], $body, $headers['signature']);
    }
}
