import "puremq"
