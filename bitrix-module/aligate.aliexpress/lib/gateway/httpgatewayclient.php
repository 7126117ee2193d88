<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway;

use Aligate\Aliexpress\Gateway\Exception\Unrecoverable;
use Aligate\Aliexpress\Signing\Signature;

/** Delivers events over HTTP. One request for each call: it does not repeat. */
final class HttpGatewayClient implements GatewayClient
{
    /** Bodies above this are compressed. */
    private const GZIP_ABOVE_BYTES = 1024;

    private readonly string $path;
    private readonly Transport $transport;

    /**
     * @param string $gatewayUrl with http or https, without the path of the API
     * @param string $shop the shop's id at the gateway
     * @param int $connectTimeoutMs until the connection stands, TLS included
     * @param int $timeoutMs for the whole request
     * @param (\Closure(): int)|null $now unix seconds; the system's clock where none is given
     * @throws \InvalidArgumentException where the URL or a timeout cannot be used
     */
    public function __construct(
        string $gatewayUrl,
        string $shop,
        Signature $signature,
        int $connectTimeoutMs = 3000,
        int $timeoutMs = 15000,
        ?\Closure $now = null,
    ) {
        if ($shop === '') {
            throw new \InvalidArgumentException('the shop\'s id is empty');
        }
        $this->transport = new Transport($gatewayUrl, $signature, $connectTimeoutMs, $timeoutMs, $now);
        $this->path = '/v1/shops/' . rawurlencode($shop) . '/events';
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
        $answer = $this->transport->exchange('POST', $this->path, $id, $body, $body, $headers);
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
