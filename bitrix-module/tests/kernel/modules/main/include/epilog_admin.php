</div>
</body>
</html>
