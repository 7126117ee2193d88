<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway;

use Aligate\Aliexpress\Gateway\Exception\Unrecoverable;

/** Delivers events over HTTP. One request for each call: it does not repeat. */
final class HttpGatewayClient implements GatewayClient
{
    /** Bodies above this are compressed. */
    private const GZIP_ABOVE_BYTES = 1024;

    public function __construct(private readonly Transport $transport)
    {
    }

    public function postEvents(array $events): DeliveryResult
    {
        $body = self::encode($events);
        $headers = ['Content-Type: application/json'];
        if (strlen($body) > self::GZIP_ABOVE_BYTES) {
            $body = gzencode($body);
            $headers[] = 'Content-Encoding: gzip';
        }
        $id = hash('sha256', $body);
        $path = "{$this->transport->shopPath}/events";
        $answer = $this->transport->exchange('POST', $path, $id, $body, $body, $headers);
        if ($answer->status !== 202) {
            throw $this->transport->refusal($answer);
        }
        try {
            if ($answer->isTooLarge) {
                throw new \UnexpectedValueException('it is larger than ' . Transport::ANSWER_BYTES_MAX . ' bytes');
            }

            return AnswerReader::result($answer->body);
        } catch (\UnexpectedValueException $error) {
            throw Transport::unreadable($answer, $error);
        }
    }

    /** @param list<mixed> $events */
    private static function encode(array $events): string
    {
        $flags = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION | JSON_THROW_ON_ERROR;
        try {
            return json_encode(['events' => array_values($events)], $flags);
        } catch (\JsonException $error) {
            $message = "the events cannot be written as JSON: {$error->getMessage()}";
            throw new Unrecoverable($message, 'events_unencodable', previous: $error);
        }
    }
}
