<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use Bitrix\Main\DB\SqlExpression;
use Bitrix\Main\ORM\Entity;
use Bitrix\Main\ORM\Fields\BooleanField;
use Bitrix\Main\ORM\Fields\DateField;
use Bitrix\Main\ORM\Fields\DatetimeField;
use Bitrix\Main\ORM\Fields\ExpressionField;
use Bitrix\Main\ORM\Fields\Field;
use Bitrix\Main\ORM\Fields\Relations\Reference;
use Bitrix\Main\ORM\Fields\ScalarField;
use Bitrix\Main\ORM\Query\Filter\ConditionTree;
use Bitrix\Main\ORM\Query\Query;
use Bitrix\Main\SystemException;
use Bitrix\Main\Type;

/**
 * Makes the SQL of an ORM query: definitions such as `PRODUCT.IBLOCK.CODE` become joins, filters become conditions.
 *
 * What it does not know it refuses, so that no test passes on a query that the kernel would read differently.
 */
final class SqlBuilder
{
    /** Longest first, so that `!=` is not read as `!`. */
    private const OPERATORS = ['!><', '!=%', '!%=', '!=', '!@', '!%', '><', '>=', '<=', '=%', '%=', '=', '@', '%', '>', '<', '!', '?'];

    private readonly string $alias;
    /** @var array<string, string> the joins by alias */
    private array $joins = [];
    private readonly \Bitrix\Main\DB\SqlHelper $helper;

    /** @param array<string, Field> $runtime */
    public function __construct(private readonly Entity $entity, private readonly array $runtime)
    {
        $this->helper = $entity->getConnection()->getSqlHelper();
        $this->alias = strtolower($entity->getCode());
    }

    /** @param array<int|string, mixed> $definitions what to select */
    public function build(Query $query, array $definitions): string
    {
        $select = $groups = [];
        $hasAggregate = false;
        foreach ($this->selected($definitions) as $alias => $definition) {
            $sql = $this->expression($definition);
            $select[] = "$sql AS {$this->helper->quote((string)$alias)}";
            self::isAggregate($sql) ? $hasAggregate = true : $groups[] = $sql;
        }
        $where = $this->conditions($query->getFilter());
        $tree = $this->tree($query->getFilterHandler());
        [$where, $having] = [array_filter([$where, $tree]), ''];
        if ($where !== [] && self::isAggregate(implode(' ', $where))) {
            [$where, $having] = $this->divided($query->getFilter());
        }
        $groups = $query->getGroup() !== [] ? array_map($this->expression(...), $query->getGroup()) : ($hasAggregate ? $groups : []);
        $order = [];
        foreach ($query->getOrder() as $definition => $direction) {
            $order[] = (isset($query->getSelect()[$definition]) && !$query->getSelect()[$definition] instanceof Field
                ? $this->helper->quote($definition) : $this->expression($definition)) . " $direction";
        }
        $table = $this->helper->quote($this->entity->getDBTableName());
        return 'SELECT ' . ($query->hasDistinct() ? 'DISTINCT ' : '') . implode(', ', $select) . " FROM $table `$this->alias`"
            . ($this->joins === [] ? '' : ' ' . implode(' ', $this->joins))
            . ($where === [] ? '' : ' WHERE ' . implode(' AND ', $where))
            . ($groups === [] ? '' : ' GROUP BY ' . implode(', ', $groups))
            . ($having === '' ? '' : " HAVING $having")
            . ($order === [] ? '' : ' ORDER BY ' . implode(', ', $order));
    }

    /** @return array{list<string>, string} the conditions on rows, and those on groups */
    private function divided(array $filter): array
    {
        $where = $having = [];
        foreach ($filter as $key => $value) {
            $sql = $this->conditions([$key => $value]);
            self::isAggregate($sql) ? $having[] = $sql : $where[] = $sql;
        }
        return [array_values(array_filter($where)), implode(' AND ', $having)];
    }

    /** @return iterable<string, string|Field> */
    private function selected(array $definitions): iterable
    {
        foreach ($definitions as $alias => $definition) {
            if ($definition instanceof Field) {
                $definition->setEntity($this->entity);
                yield is_string($alias) ? $alias : $definition->getName() => $definition;
            } elseif ($definition === '*') {
                foreach ($this->entity->getScalarFields() as $field) {
                    yield $field->getName() => $field->getName();
                }
            } else {
                yield is_string($alias) ? $alias : $this->aliasOf($definition) => $definition;
            }
        }
    }

    private function aliasOf(string $definition): string
    {
        return str_contains($definition, '.')
            ? $this->entity->getCode() . '_' . strtoupper(str_replace('.', '_', $definition))
            : $definition;
    }

    private static function isAggregate(string $sql): bool
    {
        return preg_match('/\b(COUNT|SUM|MIN|MAX|AVG|GROUP_CONCAT|BIT_OR|BIT_XOR)\s*\(/i', $sql) === 1;
    }

    private function expression(string|Field $definition): string
    {
        if ($definition instanceof ExpressionField) {
            return $this->ofExpression($definition, $this->entity, $this->alias);
        }
        return $this->resolve(is_string($definition) ? $definition : $definition->getName(), $this->entity, $this->alias, true)[0];
    }

    /** @return array{string, Field} the SQL and the field that it stands for */
    private function resolve(string $definition, Entity $entity, string $alias, bool $isRoot): array
    {
        $steps = explode('.', $definition);
        foreach ($steps as $at => $step) {
            $field = $isRoot && $at === 0 && isset($this->runtime[strtoupper($step)])
                ? $this->runtime[strtoupper($step)] : $entity->getField($step);
            if ($at < count($steps) - 1) {
                if (!$field instanceof Reference) {
                    throw new SystemException("`$step` of `$definition` is not a reference");
                }
                $alias = $this->join($field, $entity, $alias, $isRoot);
                $entity = $field->getRefEntity();
            }
        }
        return match (true) {
            $field instanceof ExpressionField => [$this->ofExpression($field, $entity, $alias), $field],
            $field instanceof ScalarField => ["`$alias`." . $this->helper->quote($field->getColumnName()), $field],
            default => throw new SystemException("`$definition` cannot be read as a column"),
        };
    }

    private function ofExpression(ExpressionField $field, Entity $entity, string $alias): string
    {
        $parts = array_map(fn (string $one): string => $this->resolve($one, $entity, $alias, true)[0], $field->getBuildFrom());
        return $parts === [] ? str_replace('%%', '%', $field->getExpression()) : vsprintf($field->getExpression(), $parts);
    }

    private function join(Reference $reference, Entity $entity, string $alias, bool $isRoot): string
    {
        $own = substr($alias . '_' . strtolower($reference->getName()), -60);
        if (!isset($this->joins[$own])) {
            $this->joins[$own] = '';
            $of = $reference->getRefEntity();
            $on = [];
            $filter = $reference->getReference();
            $pairs = $filter instanceof ConditionTree ? array_merge(...$filter->getConditions()) : $filter;
            foreach ($pairs as $key => $value) {
                [$operator, $left] = self::operator((string)$key);
                $operator = in_array($operator, ['', '='], true) ? '=' : $operator;
                $value = is_array($value) && isset($value['column']) ? $value['column'] : $value;
                $right = is_string($value) && preg_match('/^(this|ref)\./', $value) === 1
                    ? $this->side($value, $entity, $alias, $of, $own, $isRoot) : $this->literal($value);
                $on[] = $this->side($left, $entity, $alias, $of, $own, $isRoot) . " $operator $right";
            }
            $this->joins[$own] = "{$reference->getJoinType()} JOIN {$this->helper->quote($of->getDBTableName())} `$own` ON " . implode(' AND ', $on);
        }
        return $own;
    }

    private function side(string $definition, Entity $entity, string $alias, Entity $of, string $own, bool $isRoot): string
    {
        [$whose, $name] = explode('.', $definition, 2);
        return $whose === 'ref' ? $this->resolve($name, $of, $own, false)[0] : $this->resolve($name, $entity, $alias, $isRoot)[0];
    }

    private function literal(mixed $value): string
    {
        if (is_array($value)) {
            $format = array_shift($value);
            return (new SqlExpression($format, ...$value))->compile();
        }
        return $this->helper->convertToDb($value);
    }

    private function tree(ConditionTree $tree): string
    {
        $parts = array_map(fn ($one): string => $one instanceof ConditionTree ? $this->tree($one) : $this->conditions($one), $tree->getConditions());
        return $parts === [] ? '' : '(' . implode(strtolower($tree->logic()) === 'or' ? ' OR ' : ' AND ', $parts) . ')';
    }

    private function conditions(array $filter): string
    {
        $logic = strtoupper($filter['LOGIC'] ?? 'AND') === 'OR' ? ' OR ' : ' AND ';
        unset($filter['LOGIC']);
        $parts = [];
        foreach ($filter as $key => $value) {
            if (is_int($key)) {
                $nested = $value instanceof ConditionTree ? $this->tree($value) : $this->conditions($value);
                $nested === '' || $parts[] = $nested;
                continue;
            }
            [$operator, $definition] = self::operator($key);
            [$sql, $field] = $this->resolve($definition, $this->entity, $this->alias, true);
            $parts[] = $this->condition($sql, $field, $operator, $value);
        }
        return $parts === [] ? '' : '(' . implode($logic, $parts) . ')';
    }

    /** @return array{string, string} */
    private static function operator(string $key): array
    {
        foreach (self::OPERATORS as $operator) {
            if (str_starts_with($key, $operator)) {
                return [$operator, substr($key, strlen($operator))];
            }
        }
        return ['', $key];
    }

    private function condition(string $sql, Field $field, string $operator, mixed $value): string
    {
        $isNot = str_starts_with($operator, '!');
        $operator = $isNot ? substr($operator, 1) : $operator;
        $positive = $this->positive($sql, $field, $operator, $value);
        if (!$isNot) {
            return $positive;
        }
        return $value === null || $value === false || is_array($value)
            ? "NOT ($positive)" : "($sql IS NULL OR NOT ($positive))";
    }

    private function positive(string $sql, Field $field, string $operator, mixed $value): string
    {
        if (is_array($value) && isset($value['column'])) {
            return "$sql $operator " . $this->expression($value['column']);
        }
        if ($value instanceof Query) {
            return "$sql IN ({$value->getQuery()})";
        }
        if ($value === null || ($value === false && !$field instanceof BooleanField)) {
            return $value === null || $field instanceof DateField ? "$sql IS NULL" : "($sql IS NULL OR $sql = '')";
        }
        if ($operator === '><') {
            return "$sql BETWEEN {$this->value($field, $value[0])} AND {$this->value($field, $value[1])}";
        }
        if (is_array($value)) {
            return $this->anyOf($sql, $field, $operator, $value);
        }
        return match ($operator) {
            '', '=' => "$sql = {$this->value($field, $value)}",
            '@' => $value instanceof SqlExpression ? "$sql IN ({$value->compile()})" : "$sql IN ({$this->value($field, $value)})",
            '%' => "UPPER($sql) LIKE UPPER('%" . $this->helper->forSql(addcslashes((string)$value, '\\%_')) . "%')",
            '=%', '%=' => "$sql LIKE '" . $this->helper->forSql((string)$value) . "'",
            '>', '<', '>=', '<=' => "$sql $operator {$this->value($field, $value)}",
            default => throw new SystemException("The operator `$operator` is not part of the fake kernel"),
        };
    }

    private function anyOf(string $sql, Field $field, string $operator, array $values): string
    {
        if ($values === []) {
            return '1=0';
        }
        if (in_array($operator, ['', '=', '@'], true)) {
            $listed = array_map(fn ($one): string => $this->value($field, $one), array_filter($values, static fn ($one) => $one !== null && $one !== false));
            $parts = $listed === [] ? [] : ["$sql IN (" . implode(', ', $listed) . ')'];
            count($listed) < count($values) && $parts[] = "$sql IS NULL";
            return count($parts) > 1 ? '(' . implode(' OR ', $parts) . ')' : $parts[0];
        }
        return '(' . implode(' OR ', array_map(fn ($one): string => $this->positive($sql, $field, $operator, $one), $values)) . ')';
    }

    private function value(Field $field, mixed $value): string
    {
        if ($value instanceof SqlExpression) {
            return $value->compile();
        }
        if ($field instanceof DateField && is_string($value)) {
            $value = $field instanceof DatetimeField ? new Type\DateTime($value) : new Type\Date($value);
        }
        return $field instanceof ScalarField ? $field->convertValueToDb($value) : $this->helper->convertToDb($value);
    }
}
