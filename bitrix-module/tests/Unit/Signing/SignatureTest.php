<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Signing;

use Aligate\Aliexpress\Signing\Signature;
use PHPUnit\Framework\TestCase;

final class SignatureTest extends TestCase
{
    private const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    private const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
    private const AT = '1614265330';
    private const BODY = '{"test": 2432232314}';
    private const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

    /** @return iterable<string, array{array<string, mixed>}> */
    public function vectors(): iterable
    {
        $file = dirname(__DIR__, 4) . '/tests/fixtures/signature-vectors.json';
        foreach (json_decode((string)file_get_contents($file), true, 8, JSON_THROW_ON_ERROR) as $vector) {
            yield $vector['name'] => [$vector];
        }
    }

    /**
     * @test
     * @dataProvider vectors
     * @param array<string, mixed> $vector
     */
    public function theVectorsSharedWithTheGatewayAreMetBothWays(array $vector): void
    {
        $body = $vector['body'] ?? base64_decode($vector['body_base64'], true);
        $signature = new Signature([$vector['secret']]);
        self::assertSame($vector['signature'], $signature->sign($vector['id'], $vector['timestamp'], $body));
        $at = (string)$vector['timestamp'];
        self::assertTrue($signature->verify($vector['id'], $at, $body, $vector['signature'], $vector['timestamp']));
    }

    /** @test */
    public function theFirstSecretSignsAndEverySecretVerifies(): void
    {
        $other = self::secretOf(32);
        $both = new Signature([$other, self::SECRET]);
        self::assertSame((new Signature([$other]))->sign('id', 1, ''), $both->sign('id', 1, ''));
        self::assertTrue($both->matches(self::ID, self::AT, self::BODY, self::SIGNATURE));
        self::assertFalse((new Signature([$other]))->matches(self::ID, self::AT, self::BODY, self::SIGNATURE));
    }

    /** @test */
    public function oneSignatureOfSeveralIsEnoughButNoMoreThanEightAreLookedAt(): void
    {
        $signature = new Signature([self::SECRET]);
        $header = 'v1,AAAA v1a,xx  ' . self::SIGNATURE;
        self::assertTrue($signature->matches(self::ID, self::AT, self::BODY, $header));
        $header = str_repeat('v1,AAAA ', 8) . self::SIGNATURE;
        self::assertFalse($signature->matches(self::ID, self::AT, self::BODY, $header));
    }

    /** @return iterable<string, array{string, string, string, string}> */
    public function changedMessages(): iterable
    {
        yield 'id' => ['msg_x', self::AT, self::BODY, self::SIGNATURE];
        yield 'timestamp' => [self::ID, '1614265331', self::BODY, self::SIGNATURE];
        yield 'timestamp in other words' => [self::ID, '01614265330', self::BODY, self::SIGNATURE];
        yield 'body' => [self::ID, self::AT, '{}', self::SIGNATURE];
        yield 'no signature' => [self::ID, self::AT, self::BODY, ''];
        yield 'empty signature' => [self::ID, self::AT, self::BODY, 'v1,'];
        yield 'other scheme' => [self::ID, self::AT, self::BODY, 'v2' . substr(self::SIGNATURE, 2)];
        yield 'without padding' => [self::ID, self::AT, self::BODY, rtrim(self::SIGNATURE, '=')];
    }

    /**
     * @test
     * @dataProvider changedMessages
     */
    public function aChangedMessageIsRefused(string $id, string $timestamp, string $body, string $header): void
    {
        self::assertFalse((new Signature([self::SECRET]))->matches($id, $timestamp, $body, $header));
    }

    /** @return iterable<array{int, bool}> */
    public function clocks(): iterable
    {
        yield 'the same second' => [0, true];
        yield '300 s old' => [300, true];
        yield '301 s old' => [301, false];
        yield '60 s early' => [-60, true];
        yield '61 s early' => [-61, false];
    }

    /**
     * @test
     * @dataProvider clocks
     */
    public function aMessageIsTakenWithinTheToleranceOnly(int $age, bool $isInTime): void
    {
        $signature = new Signature([self::SECRET]);
        $now = (int)self::AT + $age;
        self::assertSame($isInTime, $signature->verify(self::ID, self::AT, self::BODY, self::SIGNATURE, $now));
        self::assertSame($isInTime, Signature::isInTime(self::AT, $now));
    }

    /** @test */
    public function aTimestampThatIsNoNumberIsNeverInTime(): void
    {
        $signature = new Signature([self::SECRET]);
        foreach (['', 'now', '-1', '1e3', '0x1', " 1", "1\n", str_repeat('9', 30)] as $timestamp) {
            $header = 'v1,' . base64_encode(hash_hmac(
                'sha256',
                self::ID . ".$timestamp." . self::BODY,
                (string)base64_decode(substr(self::SECRET, 6), true),
                true,
            ));
            self::assertTrue($signature->matches(self::ID, $timestamp, self::BODY, $header));
            self::assertFalse($signature->verify(self::ID, $timestamp, self::BODY, $header, 1), $timestamp);
        }
    }

    /** @return iterable<string, array{list<string>}> */
    public function malformedSecrets(): iterable
    {
        yield 'none' => [[]];
        yield 'empty' => [['']];
        yield 'no prefix' => [[substr(self::SECRET, 6)]];
        yield 'not base64' => [['whsec_!']];
        yield 'white space' => [[self::SECRET . "\n"]];
        yield 'bits after the end' => [['whsec_' . str_repeat('A', 33) . 'B']];
        yield '23 bytes' => [[self::secretOf(23)]];
        yield '65 bytes' => [[self::secretOf(65)]];
        yield 'the second' => [[self::SECRET, 'whsec_AAAA']];
    }

    /**
     * @test
     * @dataProvider malformedSecrets
     * @param list<string> $secrets
     */
    public function aMalformedSecretIsRefusedAndNotRepeated(array $secrets): void
    {
        try {
            new Signature($secrets);
            self::fail('it was taken');
        } catch (\InvalidArgumentException $error) {
            foreach (array_filter($secrets) as $secret) {
                self::assertStringNotContainsString($secret, $error->getMessage());
            }
            self::assertNotSame('', $error->getMessage());
        }
    }

    /** @test */
    public function secretsOf24To64BytesAreTakenWithAndWithoutPadding(): void
    {
        foreach ([24, 25, 26, 64] as $bytes) {
            $padded = new Signature([self::secretOf($bytes)]);
            $bare = new Signature([rtrim(self::secretOf($bytes), '=')]);
            self::assertSame($padded->sign('id', 1, ''), $bare->sign('id', 1, ''));
        }
    }

    /** @test */
    public function secretsAreNotShown(): void
    {
        $signature = new Signature([self::SECRET]);
        ob_start();
        var_dump($signature);
        $shown = ob_get_clean() . print_r($signature, true) . json_encode($signature);
        self::assertStringNotContainsString(substr(self::SECRET, 6), $shown);
        self::assertStringNotContainsString((string)base64_decode(substr(self::SECRET, 6), true), $shown);
        $this->expectException(\LogicException::class);
        serialize($signature);
    }

    private static function secretOf(int $bytes): string
    {
        return 'whsec_' . base64_encode(str_repeat('k', $bytes));
    }
}
