<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

use Aligate\Aliexpress\Gateway\MappingFault;

/** The gateway refused a mapping; nothing was changed. Every fault with its place in the seller's words. */
final class MappingRefused extends \RuntimeException
{
    /** @param list<array{section: string, sectionPath: string, path: string, code: string, text: string}> $faults */
    private function __construct(public readonly array $faults, \Throwable $previous)
    {
        parent::__construct('the mapping has faults', 0, $previous);
    }

    /**
     * @param list<MappingFault> $faults
     * @param \Closure(): SectionTable $sections asked for names where a fault is one of a section
     */
    public static function of(array $faults, Mapping $mapping, \Closure $sections, string $language, \Throwable $previous): self
    {
        $table = null;
        $shown = [];
        foreach ($faults as $fault) {
            $section = '';
            $path = $fault->path;
            if (preg_match('/\Acategories\.([0-9]{1,9})\.?(.*)\z/s', $path, $parts) === 1) {
                $section = $mapping->sectionAt((int)$parts[1]);
                $path = $parts[2];
            }
            $table ??= $section === '' ? null : $sections();
            $shown[] = [
                'section' => $section,
                'sectionPath' => $section === '' ? '' : ($table?->find($section)?->path ?? "#$section"),
                'path' => $path,
                'code' => $fault->code,
                'text' => $language === 'ru' ? $fault->russian : $fault->english,
            ];
        }

        return new self($shown, $previous);
    }
}
