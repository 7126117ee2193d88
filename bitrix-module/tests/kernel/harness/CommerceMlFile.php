<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

/** A file of an exchange with 1C: what stands at its head, and its products or offers one by one. */
final class CommerceMlFile
{
    /** @var array<string, string>|null */
    private static ?array $words = null;

    public function __construct(private readonly string $path)
    {
        is_file($path) || throw new \RuntimeException("$path was not uploaded");
    }

    /** The words of the format, which are Russian, by their meaning. */
    public static function words(): array
    {
        $file = dirname(__DIR__, 2) . '/Fixtures/commerceml.json';

        return self::$words ??= json_decode((string)file_get_contents($file), true, 4, JSON_THROW_ON_ERROR);
    }

    /**
     * @return array{isOffers: bool, isFull: bool, id: string, name: string, catalogue: string, groups: array<string, string>,
     *     properties: array<string, string>, stores: array<string, string>} groups, properties and warehouses as code => name
     */
    public function head(): array
    {
        $w = self::words();
        $head = ['isOffers' => false, 'isFull' => true, 'id' => '', 'name' => '', 'catalogue' => '', 'groups' => [], 'properties' => [], 'stores' => []];
        $reader = $this->open();
        $isGoing = $reader->read();
        while ($isGoing) {
            if ($reader->nodeType !== \XMLReader::ELEMENT) {
                $isGoing = $reader->read();
                continue;
            }
            if (in_array($reader->name, [$w['products'], $w['offers']], true)) {
                break;
            }
            if (in_array($reader->name, [$w['catalogue'], $w['package']], true)) {
                $head['isOffers'] = $reader->name === $w['package'];
                $head['isFull'] = $reader->getAttribute($w['onlyChanges']) !== 'true';
            } elseif ($reader->name === $w['classifier']) {
                $classifier = new \SimpleXMLElement($reader->readOuterXml());
                $head['groups'] = self::named($classifier->{$w['groups']}->{$w['group']} ?? []);
                $head['properties'] = self::named($classifier->{$w['properties']}->{$w['property']} ?? []);
            } elseif ($reader->name === $w['warehouses']) {
                $head['stores'] = self::named((new \SimpleXMLElement($reader->readOuterXml()))->{$w['warehouse']});
            } elseif (isset(array_flip([$w['id'], $w['name'], $w['catalogueId']])[$reader->name])) {
                $head[[$w['id'] => 'id', $w['name'] => 'name', $w['catalogueId'] => 'catalogue'][$reader->name]] = $reader->readString();
            }
            $isInside = in_array($reader->name, [$w['root'], $w['catalogue'], $w['package']], true);
            $isGoing = $isInside ? $reader->read() : $reader->next();
        }
        $reader->close();

        return $head;
    }

    /** @return array<string, string> */
    private static function named(iterable $nodes): array
    {
        $w = self::words();
        $names = [];
        foreach ($nodes as $node) {
            $names[(string)$node->{$w['id']}] = (string)$node->{$w['name']};
        }

        return $names;
    }

    /** @return \Generator<int, \SimpleXMLElement> products or offers from one on */
    public function nodes(int $from = 0): \Generator
    {
        $names = [self::words()['product'], self::words()['offer']];
        $reader = $this->open();
        $at = 0;
        $isGoing = $reader->read();
        while ($isGoing) {
            if ($reader->nodeType === \XMLReader::ELEMENT && in_array($reader->name, $names, true)) {
                if ($at >= $from) {
                    yield $at => new \SimpleXMLElement($reader->readOuterXml());
                }
                $at++;
                $isGoing = $reader->next();
                continue;
            }
            $isGoing = $reader->read();
        }
        $reader->close();
    }

    private function open(): \XMLReader
    {
        $reader = new \XMLReader();
        $reader->open($this->path) || throw new \RuntimeException("{$this->path} cannot be read");

        return $reader;
    }
}
